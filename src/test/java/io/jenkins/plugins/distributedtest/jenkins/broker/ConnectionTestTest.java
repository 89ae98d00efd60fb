package io.jenkins.plugins.distributedtest.jenkins.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.originator.PingAnswer;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTestTest {
    private static final BrokerAddress ADDRESS = new BrokerAddress("broker", 5672, "/", "amy", "s3cret", null);

    @Test
    void aBrokerWithoutListenersIsReached() throws Exception {
        BrokerAddress address = EmbeddedFixture.shared().address();
        ConnectionTest test = ConnectionTest.of(address, "nobody-" + UUID.randomUUID());
        assertThat(test.isListening()).isFalse();
        assertThat(test.message()).contains("Connected to " + address, "No listener of cluster nobody");
        assertThat(test.message()).doesNotContain(address.password());
    }

    @Test
    void aRealListenerIsCounted(@TempDir Path work) throws Exception {
        BrokerAddress address = EmbeddedFixture.shared().address();
        String cluster = "team-" + UUID.randomUUID();
        ListenerSettings settings = new ListenerSettings(
                cluster, 3, work, false, Duration.ofSeconds(60), Duration.ofSeconds(60), SshOptions.DEFAULT, null);
        try (Listener listener = new Listener(settings, address, new SimpleMeterRegistry())) {
            listener.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> listener.status().connectedSince() != null);
            ConnectionTest test = ConnectionTest.of(address, cluster);
            assertThat(test.isListening()).isTrue();
            assertThat(test.message()).contains("1 listener of cluster " + cluster, "3 slots, 0 busy");
        }
    }

    @Test
    void aWrongPasswordIsSaidAndNotRepeated() throws Exception {
        BrokerAddress address = EmbeddedFixture.shared().address().withLogin("amy", "s3cret");
        assertThatThrownBy(() -> ConnectionTest.of(address, null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("amy@")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void manyListenersAreSummedUp() {
        List<PingAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(new PingAnswer("id" + i, "host" + i, "1", 4, i == 11 ? -1 : 1, List.of(), true, true));
        }
        assertThat(ConnectionTest.of(ADDRESS, null, answers).message())
                .isEqualTo("Connected to amqp://amy@broker:5672. 12 listeners answered, with 48 slots, 11 busy: "
                        + "host0, host1, host2, host3, host4, host5, host6, host7, host8, host9 and 2 more");
    }
}
