package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.apiserver.http.Media.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                                  | PLAIN    | v1",
        "*/*                                                                 | PLAIN    | v1",
        "application/json                                                    | PLAIN    | v1",
        "application/json;stream=watch                                       | PLAIN    | v1",
        "application/vnd.kubernetes.protobuf,application/json                | PLAIN    | v1",
        "application/json;as=Table;g=meta.k8s.io;v=v1                        | TABLE    | v1",
        "application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json | TABLE    | v1beta1",
        "application/json;as=Table;v=v2;g=meta.k8s.io, application/json      | PLAIN    | v1",
        "application/json;q=0.1,application/json;as=Table;v=v1;g=meta.k8s.io | TABLE    | v1",
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1    | METADATA | v1",
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1        | METADATA | v1",
        "application/json;as=APIGroupDiscoveryList;g=x;v=v2,application/json | PLAIN    | v1",
      })
  void takesTheMostWantedFormItServes(String accept, Shape shape, String version) {
    assertThat(Media.of(accept, true)).isEqualTo(new Media(shape, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.kubernetes.protobuf",
        "text/html",
        "application/json;q=0",
        "application/json;as=Table;g=other;v=v1"
      })
  void refusesWhatItCannotServe(String accept) {
    assertThatThrownBy(() -> Media.of(accept, true))
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(406))
        .hasMessageContaining("application/json");
  }

  @Test
  void tablesAreNoAnswerToWrites() {
    assertThatThrownBy(() -> Media.of("application/json;as=Table;g=meta.k8s.io;v=v1", false))
        .isInstanceOf(ApiError.class);
  }
}
