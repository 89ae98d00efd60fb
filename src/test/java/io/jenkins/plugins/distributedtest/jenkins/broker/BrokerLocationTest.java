package io.jenkins.plugins.distributedtest.jenkins.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.tls.Tls;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerLocationTest {
    private static final String FINGERPRINT = "ab".repeat(32);

    private static BrokerLocation uri(String uri) {
        return new BrokerLocation(uri, null, 0, null, false, null, null);
    }

    private static BrokerLocation host(String host, int port, String virtualHost, boolean tls) {
        return new BrokerLocation(null, host, port, virtualHost, tls, null, null);
    }

    @Test
    void aUriGetsTheLoginFromElsewhere() throws Exception {
        BrokerAddress address = uri("amqp://broker.example.org:5673/team").address("amy", "s3cret");
        assertThat(address).isEqualTo(new BrokerAddress("broker.example.org", 5673, "team", "amy", "s3cret", null));
    }

    @Test
    void aSecureUriAsksForTls() throws Exception {
        BrokerAddress address = uri("amqps://broker.example.org").address("amy", "s3cret");
        assertThat(address.port()).isEqualTo(5671);
        assertThat(address.tls()).isEqualTo(Tls.DEFAULT);
    }

    @Test
    void certificatesBesideASecureUriAreTrusted() throws Exception {
        BrokerLocation location = new BrokerLocation("amqps://b", "", 0, "", false, "/etc/ca.pem", FINGERPRINT);
        assertThat(location.address("amy", "x").tls())
                .isEqualTo(new Tls(Path.of("/etc/ca.pem"), null, null, FINGERPRINT));
    }

    @ParameterizedTest
    @CsvSource({"false,false,5672", "true,false,5671", "false,true,5671"})
    void aHostHasTheUsualPortAndVirtualHost(boolean tls, boolean pinned, int port) throws Exception {
        BrokerLocation location =
                new BrokerLocation("", "broker.example.org", 0, "", tls, "", pinned ? FINGERPRINT : "");
        BrokerAddress address = location.address("amy", "x");
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.virtualHost()).isEqualTo("/");
        assertThat(address.tls() != null).isEqualTo(tls || pinned);
    }

    @Test
    void aHostKeepsItsOwnPortAndVirtualHost() throws Exception {
        assertThat(host("::1", 5673, "team", false).address("amy", "x"))
                .isEqualTo(new BrokerAddress("::1", 5673, "team", "amy", "x", null));
    }

    @Test
    void aPlaceMustBeGiven() {
        assertThatThrownBy(uri(null)::check)
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("Neither URI nor host");
    }

    @Test
    void twoPlacesContradictEachOther() {
        BrokerLocation both = new BrokerLocation("amqp://a", "b", 0, null, false, null, null);
        assertThatThrownBy(both::check).hasMessageContaining("amqp://a").hasMessageContaining("host (b)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amqp://amy:s3cret@broker",
                "amqp://s3cret@broker",
                "amqp://amy:s3cret@:@broker",
                "amqp://amy:s3cret@broker:notaport",
                "amqp:/amy:s3cret@broker",
                "amy:s3cret@broker"
            })
    void aLoginInAUriIsRefusedAndNeverRepeated(String uri) {
        assertThatThrownBy(uri(uri)::check)
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("credentials")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amqp://amy:s3cret@broker", "amy:s3cret@broker"})
    void aLoginWithAHostIsNeverRepeated(String host) {
        assertThatThrownBy(host(host, 0, null, false)::check)
                .hasMessageContaining("Not a host name")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://broker", "amqp://", "amqp://broker:0", "amqp://broker:70000", "amqp://broker/a/b", "x y"
            })
    void whatIsNoUriOfABrokerIsNamed(String uri) {
        assertThatThrownBy(uri(uri)::check).isInstanceOf(BrokerException.class).hasMessageContaining(uri);
    }

    @Test
    void tlsWithAPlainUriContradictsIt() {
        BrokerLocation location = new BrokerLocation("amqp://b", null, 0, null, true, null, null);
        assertThatThrownBy(location::check).hasMessageContaining("amqps://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "65536", "99999999999", "x", "56 72"})
    void whatIsNoPortIsNamed(String port) {
        assertThatThrownBy(() -> BrokerLocation.checkPort(port)).hasMessageContaining(port);
    }

    @Test
    void aNegativePortIsNamed() {
        assertThatThrownBy(host("b", -3, null, false)::check).hasMessageContaining("-3");
    }

    @Test
    void whatIsNoFingerprintIsNamedWithTheWayToGetOne() {
        assertThatThrownBy(() -> BrokerLocation.checkFingerprint("abc"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("abc")
                .hasMessageContaining("openssl");
    }

    @Test
    void credentialsCanBeKeptToTheHost() {
        assertThat(uri("amqp://broker.example.org/x").hostName()).isEqualTo("broker.example.org");
        assertThat(host("other", 0, null, false).hostName()).isEqualTo("other");
        assertThat(uri("not a uri").hostName()).isNull();
        assertThat(uri(null).hostName()).isNull();
    }
}
