package io.jenkins.plugins.distributedtest.amqp;

import static io.jenkins.plugins.distributedtest.amqp.Probe.PATIENCE;
import static io.jenkins.plugins.distributedtest.amqp.Probe.PERSISTENT;
import static io.jenkins.plugins.distributedtest.amqp.Probe.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a connection whose broker, or owner, misbehaves. */
class BrokerConnectionTest {
    private static BrokerAddress at(int port) {
        return new BrokerAddress("127.0.0.1", port, "/", "me", "s3cret", null);
    }

    /** Accepts connections and never answers. */
    private static final class HungBroker implements AutoCloseable {
        final ServerSocket socket;
        final List<Socket> accepted = new CopyOnWriteArrayList<>();

        HungBroker() throws IOException {
            socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            DaemonThreads.start("hung-broker", this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    accepted.add(socket.accept());
                }
            } catch (IOException e) {
                // Closed: the test is over.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket each : accepted) {
                each.close();
            }
        }
    }

    @Test
    @Timeout(90)
    void aBrokerThatNeverAnswersIsGivenUpAndTriedAgain() throws Exception {
        try (HungBroker hung = new HungBroker();
                Probe probe = new Probe(at(hung.socket.getLocalPort()))) {
            await().atMost(PATIENCE).until(() -> !probe.failures.isEmpty());
            assertThat(probe.failures.get(0))
                    .contains("127.0.0.1:" + hung.socket.getLocalPort())
                    .contains("did not answer within 10 s")
                    .doesNotContain("s3cret");
            assertThat(probe.refusals).isEmpty();
            await().atMost(PATIENCE).until(() -> hung.accepted.size() >= 2);
        }
    }

    @Test
    @Timeout(90)
    void closingDoesNotWaitForABrokerThatNeverAnswers() throws Exception {
        try (HungBroker hung = new HungBroker()) {
            Probe probe = new Probe(at(hung.socket.getLocalPort()));
            await().atMost(PATIENCE).until(() -> hung.accepted.size() == 1);
            probe.close();
            await("the socket is closed by us").atMost(PATIENCE).until(() -> {
                hung.accepted.get(0).setSoTimeout(20_000);
                byte[] rest = hung.accepted.get(0).getInputStream().readAllBytes();
                return rest.length == 8; // the protocol header, then the end
            });
            assertThat(probe.failures).isEmpty();
        }
    }

    @Test
    @Timeout(90)
    void anEstablishedConnectionToABrokerThatHangsIsClosedAllTheSame() throws Exception {
        RealRabbit.assumeInstalled();
        try (RealRabbit rabbit = new RealRabbit()) {
            Probe probe = new Probe(rabbit.address());
            probe.session(1);
            rabbit.suspend();
            probe.close();
            assertThat(probe.session(1).isOpen()).isFalse();
            assertThatThrownBy(() -> probe.session(1).channel()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClosedPortIsNamed() {
        int port = FreePorts.next();
        try (Probe probe = new Probe(at(port))) {
            await().atMost(PATIENCE).until(() -> probe.failures.size() >= 2);
            assertThat(probe.failures.get(0)).contains("127.0.0.1:" + port).contains("is it running?");
            assertThat(probe.pauses.get(0)).isLessThan(Duration.ofMillis(300));
            assertThat(probe.pauses.get(1)).isBetween(Duration.ofMillis(700), Duration.ofMillis(1300));
        }
    }

    @Test
    void anUnknownHostIsNamed() {
        BrokerAddress nowhere = new BrokerAddress("no-such-host.invalid", 5672, "/", "me", "s3cret", null);
        try (Probe probe = new Probe(nowhere)) {
            await().atMost(PATIENCE).until(() -> !probe.failures.isEmpty());
            assertThat(probe.failures.get(0)).contains("host no-such-host.invalid is unknown");
        }
    }

    @Test
    void aSetUpThatFailsIsToldAndTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Probe probe = new Probe(EmbeddedFixture.shared().address(), session -> {
            if (tries.incrementAndGet() == 1) {
                throw new IOException("cannot declare that");
            }
        })) {
            probe.session(2);
            assertThat(probe.losses).hasSize(1);
            assertThat(probe.failures).hasSize(1);
            assertThat(probe.failures.get(0)).contains("cannot declare that");
        }
    }

    @Test
    void nothingIsToldAfterClosing() throws Exception {
        Probe probe = new Probe(EmbeddedFixture.shared().address());
        probe.session(1);
        probe.connection.close();
        probe.connection.close();
        probe.loop.submit(() -> null).get();
        probe.loop.close();
        assertThat(probe.losses).isEmpty();
        assertThat(probe.failures).isEmpty();
    }

    @Test
    void deliveriesOfALostSessionAreDropped() throws Exception {
        AtomicInteger early = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        try (Probe probe = new Probe(EmbeddedFixture.shared().address())) {
            probe.call(session -> {
                var channel = session.channel();
                String queue = channel.queueDeclare().getQueue();
                session.consume(
                        channel, queue, true, d -> (session.isOpen() ? early : late).incrementAndGet(), () -> {});
                for (int i = 0; i < 100; i++) {
                    channel.basicPublish("", queue, null, bytes("x"));
                }
                // All have arrived, none is handled yet, since this is the loop; then the session is lost.
                await().atMost(PATIENCE).until(() -> channel.messageCount(queue) == 0);
                session.connection().abort();
                return null;
            });
            await().atMost(PATIENCE).until(() -> probe.losses.size() == 1);
            assertThat(late).hasValue(0);
        }
    }

    @Test
    void aBrokerShortOfMemoryIsReportedAndPublishersWait() throws Exception {
        RealRabbit.assumeInstalled();
        RealRabbit rabbit = RealRabbit.shared();
        ReliablePublisher[] publisher = new ReliablePublisher[1];
        try (Probe probe = new Probe(rabbit.freshVirtualHost())) {
            String queue = probe.call(session -> {
                publisher[0] = new ReliablePublisher(probe.loop, 100);
                publisher[0].attach(session);
                return session.channel().queueDeclare().getQueue();
            });
            rabbit.evaluate("rabbit_alarm:set_alarm({{resource_limit, disk, node()}, []}).");
            try {
                // RabbitMQ tells a connection when it publishes next.
                await().atMost(PATIENCE).until(() -> {
                    probe.call(session -> {
                        if (publisher[0].pending() < 50) {
                            publisher[0].publish("", queue, PERSISTENT, bytes("x"));
                        }
                        return null;
                    });
                    return !probe.blocks.isEmpty();
                });
                probe.call(session -> {
                    publisher[0].publish("", queue, PERSISTENT, bytes("last"));
                    return null;
                });
                assertThat(probe.<Integer>call(session -> publisher[0].pending()))
                        .isPositive();
            } finally {
                rabbit.evaluate("rabbit_alarm:clear_alarm({resource_limit, disk, node()}).");
            }
            await().atMost(PATIENCE).until(() -> probe.unblocks == 1);
            await().atMost(PATIENCE).until(() -> probe.call(session -> publisher[0].pending()) == 0);
        }
    }

    @Test
    void aPublisherRefusesMoreThanItsLimit() {
        ReliablePublisher publisher = new ReliablePublisher(new EventLoop("limit"), 2);
        publisher.publish("", "q", null, bytes("1"));
        publisher.publish("", "q", null, bytes("2"));
        assertThatThrownBy(() -> publisher.publish("", "q", null, bytes("3")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 messages")
                .hasMessageContaining("\"q\"");
        assertThat(publisher.pending()).isEqualTo(2);
    }

    @Test
    void threadsCarryTheClientsName() throws Exception {
        try (Probe probe = new Probe(EmbeddedFixture.shared().address())) {
            probe.session(1);
            assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                    .anyMatch(name -> name.startsWith("probe-connector"));
        }
    }
}
