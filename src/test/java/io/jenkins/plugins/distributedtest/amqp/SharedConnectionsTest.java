package io.jenkins.plugins.distributedtest.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedConnectionsTest {
    private final EventLoop loop = new EventLoop("shared-test");
    private final List<Connector.Link> links = new ArrayList<>();
    private BrokerAddress address;
    private SharedConnections connections;

    /** An owner with a queue of its own. */
    private static final class Owner implements BrokerConnection.Lifecycle {
        final String queue = "owner-" + UUID.randomUUID();
        final List<String> got = new CopyOnWriteArrayList<>();
        final List<BrokerSession> sessions = new CopyOnWriteArrayList<>();
        final List<String> losses = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        final List<String> refusals = new CopyOnWriteArrayList<>();
        volatile int failuresToCome;
        volatile Channel channel;

        @Override
        public void connected(BrokerSession session) throws IOException {
            if (failuresToCome > 0) {
                failuresToCome--;
                session.channel().queueDeclarePassive("there-is-no-such-queue");
            }
            channel = session.channel();
            channel.queueDeclare(queue, false, false, true, null);
            session.consume(channel, queue, true, this::got, () -> {});
            sessions.add(session);
        }

        private void got(Delivery delivery) {
            got.add(Probe.text(delivery.getBody()));
        }

        @Override
        public void disconnected(String reason) {
            losses.add(reason);
        }

        @Override
        public void failing(String reason, Duration nextTry) {
            failures.add(reason);
        }

        @Override
        public void refused(String reason) {
            refusals.add(reason);
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        address = EmbeddedFixture.shared().address();
        connections = new SharedConnections(address, "shared-test", loop, 50);
    }

    @AfterEach
    void leave() {
        links.forEach(Connector.Link::close);
        loop.close();
    }

    private Owner open() {
        return open(new Owner());
    }

    private Owner open(Owner owner) {
        links.add(connections.open(address, "owner", loop, owner));
        return owner;
    }

    private static void awaitSessions(Owner owner, int count) {
        await().atMost(Probe.PATIENCE).until(() -> owner.sessions.size() == count);
    }

    private void publish(Owner from, Owner to, String text) throws Exception {
        loop.submit(() -> {
                    from.channel.basicPublish("", to.queue, Probe.PERSISTENT, Probe.bytes(text));
                    return null;
                })
                .get(60, TimeUnit.SECONDS);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("shared-test-") || name.startsWith("owner"))
                .toList();
    }

    @Test
    void manyOwnersCostNoMoreThreadsThanOne() throws Exception {
        Owner first = open();
        awaitSessions(first, 1);
        publish(first, first, "hello");
        await().atMost(Probe.PATIENCE).until(() -> first.got.size() == 1);
        List<String> alone = threads();
        List<Owner> owners = new ArrayList<>();
        for (int i = 0; i < 49; i++) {
            owners.add(open());
        }
        for (Owner owner : owners) {
            awaitSessions(owner, 1);
            publish(first, owner, "to each");
        }
        owners.forEach(owner -> await().atMost(Probe.PATIENCE).until(() -> owner.got.equals(List.of("to each"))));
        // Of the two threads that take deliveries the second starts when there is more to do.
        assertThat(threads().size()).isLessThanOrEqualTo(alone.size() + 1);
    }

    @Test
    void oneOwnersTroublesAreNoMatterOfTheOthers() throws Exception {
        Owner good = open();
        Owner bad = new Owner();
        bad.failuresToCome = 1;
        open(bad);
        awaitSessions(good, 1);
        awaitSessions(bad, 1);
        assertThat(bad.losses).hasSize(1);
        assertThat(bad.failures).singleElement().asString().contains("there-is-no-such-queue");
        links.get(1).close();
        publish(good, good, "still here");
        await().atMost(Probe.PATIENCE).until(() -> good.got.equals(List.of("still here")));
        assertThat(good.losses).isEmpty();
        Channel closed = bad.channel;
        await().atMost(Probe.PATIENCE).until(() -> !closed.isOpen());
    }

    @Test
    void aLostConnectionIsToldToEachAndMadeAgain() {
        Owner one = open();
        Owner two = open();
        awaitSessions(one, 1);
        awaitSessions(two, 1);
        one.sessions.get(0).connection().abort(0);
        awaitSessions(one, 2);
        awaitSessions(two, 2);
        assertThat(one.losses).hasSize(1);
        assertThat(two.losses).hasSize(1);
        assertThat(one.sessions.get(1).generation()).isEqualTo(2);
    }

    @Test
    void theLastOwnerClosesTheConnectionAndTheNextMakesANewOne() throws Exception {
        Owner one = open();
        awaitSessions(one, 1);
        links.get(0).close();
        await().atMost(Probe.PATIENCE)
                .until(() -> !one.sessions.get(0).connection().isOpen());
        await().atMost(Probe.PATIENCE).until(() -> threads().isEmpty());
        Owner two = open();
        awaitSessions(two, 1);
        publish(two, two, "again");
        await().atMost(Probe.PATIENCE).until(() -> two.got.equals(List.of("again")));
    }

    @Test
    void whoComesMoreThanATrunkHoldsGetsAnother() {
        connections = new SharedConnections(address, "shared-test", loop, 2);
        List<Owner> owners = List.of(open(), open(), open());
        owners.forEach(owner -> awaitSessions(owner, 1));
        assertThat(owners.stream()
                        .map(owner -> owner.sessions.get(0).connection())
                        .distinct())
                .hasSize(2);
    }

    @Test
    void aRefusalIsToldToEachAndWhoComesLaterDoesNotWaitForIt() {
        address = address.withLogin("nobody", "s3cret-of-none");
        connections = new SharedConnections(address, "shared-test", loop, 50);
        Owner one = open();
        await().atMost(Probe.PATIENCE).until(() -> !one.refusals.isEmpty());
        Owner two = open();
        await().atMost(Probe.PATIENCE).until(() -> !two.refusals.isEmpty());
        assertThat(two.refusals.get(0)).doesNotContain("s3cret");
    }

    @Test
    void anotherBrokerIsRefused() {
        assertThatThrownBy(() -> connections.open(address.withVirtualHost("x"), "owner", loop, new Owner()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
