package io.nave.api.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the functions of Kubernetes' CEL libraries answer, as its documentation says; on literals,
/// whose types the compiler knows, and on fields of an object, whose types only the values tell.
class KubernetesCelTest {
  private static final CelEnvironment SELF = KubernetesCel.environment().with(List.of("self"));

  private static final Map<String, Object> VALUES =
      Map.of(
          "self",
          CelValues.toCel(
              Json.parse(
                  """
                  {"list":[3,1,2],"text":"abc 123","cpu":"500m","ip":"10.1.2.3",
                   "cidr":"10.0.0.0/8","url":"https://a.example:80/x?y=1&y=2","names":["b","a"]}
                  """)));

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          [1, 2, 2].isSorted()                               | true
          self.list.isSorted()                               | false
          ['a', 'b'].isSorted()                              | true
          self.list.sum() == 6                               | true
          [1.5, 2.5].sum() == 4.0                            | true
          [].sum() == 0                                      | true
          self.list.min() == 1                               | true
          self.list.max() == 3                               | true
          self.names.min() == 'a'                            | true
          sets.contains(self.list, [1, 2])                   | true
          sets.contains([1], self.list)                      | false
          sets.contains([1], [])                             | true
          sets.equivalent([1, 1, 2], [2, 1])                 | true
          sets.equivalent([1], [1, 2])                       | false
          sets.intersects(self.list, [9, 3])                 | true
          sets.intersects(self.list, [])                     | false
          sets.contains([1.0], [1])                          | true
          self.text.find('[0-9]+') == '123'                  | true
          'abc'.find('[0-9]+') == ''                         | true
          '123 abc 456'.findAll('[0-9]+') == ['123', '456']  | true
          isURL('https://example.com')                       | true
          isURL('/path')                                     | true
          isURL('no url')                                    | false
          url(self.url).getScheme() == 'https'               | true
          url(self.url).getHost() == 'a.example:80'          | true
          url(self.url).getHostname() == 'a.example'         | true
          url(self.url).getPort() == '80'                    | true
          url('https://[::1]:80/').getHostname() == '::1'    | true
          url('/x%20y').getEscapedPath() == '/x%20y'         | true
          url(self.url).getQuery()['y'] == ['1', '2']        | true
          isQuantity('1.3Gi')                                | true
          isQuantity('1.3GiB')                               | false
          isQuantity('10 G')                                 | false
          quantity('50000G').isGreaterThan(quantity('50T'))  | false
          quantity(self.cpu).isLessThan(quantity('1'))       | true
          quantity('200M').compareTo(quantity('0.2G')) == 0  | true
          quantity('1k') == quantity('1000')                 | true
          quantity('50k').add(quantity('1')).asInteger() == 50001 | true
          quantity('50k').sub(1).asInteger() == 49999        | true
          quantity('50.1').isInteger()                       | false
          quantity('1e3').isInteger()                        | true
          quantity('-1').sign() == -1                        | true
          quantity('50.5').asApproximateFloat() == 50.5      | true
          isIP('127.0.0.1')                                  | true
          isIP('::1')                                        | true
          isIP('127.0.0.256')                                | false
          isIP('01.2.3.4')                                   | false
          isIP('1.2.3')                                      | false
          isIP('::ffff:1.2.3.4')                             | false
          isIP(':::1')                                       | false
          isIP('1:2:3:4:5:6:7:8:9')                          | false
          isIP('fe80::1%eth0')                               | false
          ip(self.ip).family() == 4                          | true
          ip('2001:db8::1').family() == 6                    | true
          ip('127.0.0.1').isLoopback()                       | true
          ip('::1').isLoopback()                             | true
          ip('0.0.0.0').isUnspecified()                      | true
          ip('224.0.0.1').isLinkLocalMulticast()             | true
          ip('169.254.1.1').isLinkLocalUnicast()             | true
          ip('fe80::1').isLinkLocalUnicast()                 | true
          ip('192.168.0.1').isGlobalUnicast()                | true
          ip('255.255.255.255').isGlobalUnicast()            | false
          ip.isCanonical('2001:db8::abcd')                   | true
          ip.isCanonical('2001:DB8::ABCD')                   | false
          ip.isCanonical('2001:db8:0:0:0:0:0:abcd')          | false
          ip.isCanonical('2001:0:0:1:0:0:0:1')               | false
          ip.isCanonical('2001:0:0:1::1')                    | true
          ip('::1') == ip('0:0::1')                          | true
          isCIDR('192.168.0.0/16')                           | true
          isCIDR('192.168.0.0/33')                           | false
          isCIDR('192.168.0.0')                              | false
          isCIDR('::/0')                                     | true
          cidr(self.cidr).containsIP(self.ip)                | true
          cidr(self.cidr).containsIP(ip('11.0.0.1'))         | false
          cidr(self.cidr).containsIP('::1')                  | false
          cidr('::/0').containsIP('::1')                     | true
          cidr(self.cidr).containsCIDR('10.1.0.0/16')        | true
          cidr('10.1.0.0/16').containsCIDR(cidr(self.cidr))  | false
          cidr('10.1.2.3/16').masked() == cidr('10.1.0.0/16') | true
          cidr('10.1.2.3/16').ip() == ip('10.1.2.3')         | true
          cidr('10.1.2.3/16').prefixLength() == 16           | true
          format.dns1123Label().validate('my-label').hasValue() | false
          format.dns1123Label().validate('No').hasValue()    | true
          format.named('uuid').hasValue()                    | true
          format.named('nope').hasValue()                    | false
          format.named('byte').value().validate('aGk=') == optional.none() | true
          format.date().validate('2026-13-01').hasValue()    | true
          format.labelValue().validate('').hasValue()        | false
          format.qualifiedName().validate('a.b/c').hasValue() | false
          'a,b'.split(',').size() == 2                       | true
          """)
  void answersAsKubernetesDoes(String source, boolean expected) {
    assertThat(SELF.compile(source).test(VALUES)).as(source).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[].min() == 1",
        "[1, 'a'].isSorted()",
        "url('no url').getHost() == ''",
        "quantity('x').isInteger()",
        "quantity('50.1').asInteger() == 50",
        "ip('1.2.3').family() == 4",
        "cidr('1.2.3.4').prefixLength() == 3",
        "'a'.find('(') == ''",
      })
  void failsWhereKubernetesDoes(String source) {
    assertThatThrownBy(() -> SELF.compile(source).test(VALUES)).isInstanceOf(CelFault.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ip(1)", "quantity('1').add('2')", "cidr('::/0').family()", "sets.contains(1, 2)"})
  void refusesWhatHasTheWrongType(String source) {
    assertThatThrownBy(() -> SELF.compile(source)).isInstanceOf(BadExpression.class);
  }

  @ParameterizedTest
  @CsvSource({"1001,1000", "2000,2000"})
  void doesNotCompareEveryPairOfTwoLongLists(int left, int right) {
    var lists =
        Map.of(
            "self",
            Map.of(
                "a", java.util.Collections.nCopies(left, 1L),
                "b", java.util.Collections.nCopies(right, 2L)));
    assertThatThrownBy(() -> SELF.compile("sets.contains(self.a, self.b)").test(lists))
        .isInstanceOf(CelFault.class);
  }
}
