package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One way to one API server: where it is, which CA it must be signed by, and who calls. What Nave
/// keeps on its own disk and hands to people is this, written as a kubeconfig file with everything
/// inside; files that others wrote are read by [KubeconfigFile].
///
/// @param namespace kubectl's default namespace; may be empty
/// @param server such as `https://hub.example:6443`
/// @param caPem the only authorities trusted; empty: those the Java runtime trusts
/// @param insecure whether the server's certificate is not checked at all
public record Kubeconfig(
    String context,
    String cluster,
    String user,
    String namespace,
    String server,
    String caPem,
    boolean insecure,
    Login login) {

  /// Who calls.
  public sealed interface Login {
    record Token(String token) implements Login {
      @Override
      public String toString() {
        return "token";
      }
    }

    /// @param certificatePem the client's certificate, then any intermediates
    /// @param keyPem PKCS #8, PKCS #1 or SEC 1, not encrypted
    record Certificate(String certificatePem, String keyPem) implements Login {
      @Override
      public String toString() {
        return "client certificate";
      }
    }

    record Password(String user, String password) implements Login {
      @Override
      public String toString() {
        return "password of " + user;
      }
    }

    record Nobody() implements Login {}
  }

  /// A kubeconfig that cannot be used. The message names what is missing or wrong.
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unusable(String message, @Nullable Throwable cause) {
      super("kubeconfig: " + message, cause);
    }
  }

  /// A kubeconfig that calls cluster, user and context by one name.
  public static Kubeconfig of(String name, String server, String caPem, Login login) {
    return new Kubeconfig(name, name, name, "", server, caPem, false, login);
  }

  public Kubeconfig withLogin(Login next) {
    return new Kubeconfig(context, cluster, user, namespace, server, caPem, insecure, next);
  }

  public Kubeconfig withCa(String next) {
    return new Kubeconfig(context, cluster, user, namespace, server, next, insecure, login);
  }

  /// Reads the current context of a kubeconfig with everything inside, such as [#write] makes.
  ///
  /// @throws Unusable when it is none or something is missing
  public static Kubeconfig read(String text) {
    var file = parse(text);
    var current = file.path("current-context").asString("");
    var context = named(file, "contexts", "context", current);
    var clusterName = context.path("cluster").asString("");
    var userName = context.path("user").asString("");
    var cluster = named(file, "clusters", "cluster", clusterName);
    var user = named(file, "users", "user", userName);
    refuse(cluster, "certificate-authority");
    refuse(user, "client-certificate", "client-key", "tokenFile", "exec", "auth-provider");
    return new Kubeconfig(
        current,
        clusterName,
        userName,
        context.path("namespace").asString(""),
        cluster.path("server").asString(""),
        decoded(cluster, "certificate-authority-data"),
        cluster.path("insecure-skip-tls-verify").asBoolean(false),
        login(user));
  }

  /// The one object a kubeconfig file is.
  static ObjectNode parse(String text) {
    try {
      if (Yaml.parse(text) instanceof ObjectNode file) {
        return file;
      }
    } catch (ApiError e) {
      throw new Unusable("cannot be read: " + e.getMessage(), e);
    }
    throw new Unusable("must be an object with clusters, users and contexts", null);
  }

  /// What a list of the file holds under a name.
  static JsonNode named(JsonNode file, String list, String field, String name) {
    var known = new ArrayList<String>();
    for (var entry : file.path(list)) {
      known.add(entry.path("name").asString(""));
      if (known.getLast().equals(name)) {
        return entry.path(field);
      }
    }
    throw new Unusable("there is no \"" + name + "\" among its " + list + " " + known, null);
  }

  private static void refuse(JsonNode node, String... fields) {
    for (var field : fields) {
      if (node.hasNonNull(field)) {
        throw new Unusable(
            field + ": must be inside the file (kubectl config view --flatten), not elsewhere",
            null);
      }
    }
  }

  private static Login login(JsonNode user) {
    var certificate = decoded(user, "client-certificate-data");
    if (!certificate.isEmpty()) {
      return new Login.Certificate(certificate, decoded(user, "client-key-data"));
    }
    var token = user.path("token").asString("");
    if (!token.isEmpty()) {
      return new Login.Token(token);
    }
    var name = user.path("username").asString("");
    return name.isEmpty()
        ? new Login.Nobody()
        : new Login.Password(name, user.path("password").asString(""));
  }

  private static String decoded(JsonNode node, String field) {
    try {
      var bytes = Base64.getMimeDecoder().decode(node.path(field).asString(""));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Unusable(
          field + ": must be base64", null); // the cause would quote what may be a key
    }
  }

  /// As a kubeconfig file. Holds secrets.
  public String write() {
    var file = Json.object();
    file.put("apiVersion", "v1").put("kind", "Config");
    file.put("current-context", context);
    var where = entry(file, "clusters", cluster, "cluster");
    where.put("server", server);
    if (!caPem.isEmpty()) {
      where.put("certificate-authority-data", encoded(caPem));
    }
    if (insecure) {
      where.put("insecure-skip-tls-verify", true);
    }
    writeLogin(entry(file, "users", user, "user"));
    var both = entry(file, "contexts", context, "context");
    both.put("cluster", cluster).put("user", user);
    if (!namespace.isEmpty()) {
      both.put("namespace", namespace);
    }
    return Yaml.write(file);
  }

  private void writeLogin(ObjectNode who) {
    switch (login) {
      case Login.Token(var token) -> who.put("token", token);
      case Login.Certificate(var certificatePem, var keyPem) ->
          who.put("client-certificate-data", encoded(certificatePem))
              .put("client-key-data", encoded(keyPem));
      case Login.Password(var name, var password) ->
          who.put("username", name).put("password", password);
      case Login.Nobody() -> {}
    }
  }

  private static ObjectNode entry(ObjectNode file, String list, String name, String field) {
    return file.putArray(list).addObject().put("name", name).putObject(field);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Where and as what; never a key or token.
  @Override
  public String toString() {
    return context + " (" + server + " by " + login + ")";
  }
}
