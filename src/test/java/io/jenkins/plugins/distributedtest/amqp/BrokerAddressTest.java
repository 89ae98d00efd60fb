package io.jenkins.plugins.distributedtest.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.tls.Tls;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "amqp://localhost, localhost, 5672, /, guest, guest",
        "amqps://broker.example, broker.example, 5671, /, guest, guest",
        "amqp://h/, h, 5672, /, guest, guest",
        "AMQP://me:pw@h:99/ci, h, 99, ci, me, pw",
        "amqp://m%40e:p%2Fw%3A%25+@h/a%2Fb, h, 5672, a/b, m@e, p/w:%+",
        "amqp://me@10.0.0.1, 10.0.0.1, 5672, /, me, guest",
        "amqp://me:@h, h, 5672, /, me, ''",
        "amqp://[::1]:5673/%2F, ::1, 5673, /, guest, guest",
    })
    void readsUris(String uri, String host, int port, String virtualHost, String user, String password) {
        BrokerAddress address = BrokerAddress.parse(uri);
        assertThat(address).isEqualTo(new BrokerAddress(host, port, virtualHost, user, password, address.tls()));
        assertThat(address.tls()).isEqualTo(uri.startsWith("amqps") ? Tls.DEFAULT : null);
    }

    @Test
    void readsTlsParameters() {
        String fingerprint = "AB:".repeat(31) + "CD";
        assertThat(BrokerAddress.parse("amqps://h?cacertfile=/etc/my%20ca.pem&certfile=c.pem&keyfile=k.pem&fingerprint="
                                + fingerprint)
                        .tls())
                .isEqualTo(new Tls(Path.of("/etc/my ca.pem"), Path.of("c.pem"), Path.of("k.pem"), fingerprint));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://u:hush@h | amqp:// or amqps://",
                "u:hush@h:5672 | amqp:// or amqps://",
                "amqp://u:hush@ | names no host",
                "amqp://u:hush@h:0 | between 1 and 65535",
                "amqp://u:hush@h:70000 | between 1 and 65535",
                "amqp://u:hu#sh@h | names no host",
                "amqp://u:hush %@h | percent-encoded",
                "amqp://u:hush@h/a/b | %2F",
                "amqp://u:hush@h?keyfile=k | goes with amqps:// only",
                "amqps://u:hush@h?keyfile=k | both or neither",
                "amqps://u:hush@h?certfile=k | both or neither",
                "amqps://u:hush@h?cafile=k | unknown parameter \"cafile\"",
                "amqps://u:hush@h?fingerprint=12 | openssl x509",
            })
    void refusesWhatIsNone(String uri, String why) {
        assertThatThrownBy(() -> BrokerAddress.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hush")
                .hasMessageNotContaining("hu#sh");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSecretUriReadsBackAndTheTextHoldsNoPassword(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Tls tls = random.nextBoolean()
                    ? null
                    : new Tls(Path.of("/ca" + text(random).replace('\0', '_').replace("/", "")), null, null, null);
            BrokerAddress address = new BrokerAddress(
                    random.nextBoolean() ? "fe80::1" : "host.example",
                    1 + random.nextInt(65535),
                    text(random),
                    text(random),
                    "s3cret" + text(random),
                    tls);
            assertThat(BrokerAddress.parse(address.toSecretUri())).isEqualTo(address);
            assertThat(address.toString()).doesNotContain("s3cret");
        }
    }

    private static String text(Random random) {
        return random.ints(1 + random.nextInt(8), ' ', 0x17f)
                .filter(c -> c < 127 || c > 160)
                .collect(() -> new StringBuilder("x"), StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
