package io.jenkins.plugins.distributedtest.amqp;

import static io.jenkins.plugins.distributedtest.amqp.Probe.PATIENCE;
import static io.jenkins.plugins.distributedtest.amqp.Probe.PERSISTENT;
import static io.jenkins.plugins.distributedtest.amqp.Probe.bytes;
import static io.jenkins.plugins.distributedtest.amqp.Probe.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every broker that we run on must do, tried on real ones. */
abstract class BrokerContract {

    /** Where the broker is: a virtual host that this test may fill as it likes. */
    abstract BrokerAddress address() throws IOException;

    private static String name(String kind) {
        return kind + "-" + UUID.randomUUID();
    }

    private static void fill(Channel channel, String queue, int messages) throws IOException {
        for (int i = 1; i <= messages; i++) {
            channel.basicPublish("", queue, PERSISTENT, bytes(String.valueOf(i)));
        }
    }

    private static List<String> texts(List<Delivery> deliveries) {
        return deliveries.stream().map(each -> text(each.getBody())).toList();
    }

    private static List<String> drain(Channel channel, String queue) throws IOException {
        List<String> found = new ArrayList<>();
        for (GetResponse next = channel.basicGet(queue, true); next != null; next = channel.basicGet(queue, true)) {
            found.add(text(next.getBody()));
        }
        return found;
    }

    @Test
    void aFanoutExchangeReachesEveryBoundQueue() throws Exception {
        try (Probe probe = new Probe(address())) {
            String exchange = name("jobs");
            List<Delivery> one = new CopyOnWriteArrayList<>();
            List<Delivery> two = new CopyOnWriteArrayList<>();
            probe.call(session -> {
                Channel channel = session.channel();
                channel.exchangeDeclare(exchange, "fanout", true, false, null);
                for (List<Delivery> into : List.of(one, two)) {
                    String inbox = channel.queueDeclare(name("inbox"), false, true, true, null)
                            .getQueue();
                    channel.queueBind(inbox, exchange, "");
                    session.consume(channel, inbox, true, into::add, () -> {});
                }
                channel.basicPublish(exchange, "", PERSISTENT, bytes("hello"));
                return null;
            });
            await().atMost(PATIENCE).until(() -> one.size() == 1 && two.size() == 1);
            assertThat(texts(one)).containsExactly("hello");
            assertThat(one.get(0).getProperties().getContentType()).isEqualTo("application/json");
        }
    }

    @Test
    void prefetchBoundsWhatIsOnItsWayPerChannel() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("files");
            List<Delivery> got = new CopyOnWriteArrayList<>();
            Channel channel = probe.call(session -> {
                Channel opened = session.channel();
                opened.queueDeclare(queue, true, false, false, null);
                fill(opened, queue, 10);
                opened.basicQos(2);
                session.consume(opened, queue, false, got::add, () -> {});
                return opened;
            });
            await().atMost(PATIENCE).until(() -> got.size() == 2);
            String third = probe.call(session -> {
                Channel other = session.channel();
                GetResponse waiting = other.basicGet(queue, false);
                other.basicNack(waiting.getEnvelope().getDeliveryTag(), false, true);
                return text(waiting.getBody());
            });
            assertThat(third).as("the third was not sent on").isEqualTo("3");
            probe.call(session -> {
                channel.basicAck(got.get(0).getEnvelope().getDeliveryTag(), false);
                return null;
            });
            await().atMost(PATIENCE).until(() -> got.size() == 3);
            assertThat(texts(got)).containsExactly("1", "2", "3");
        }
    }

    @Test
    void aReturnedMessageTakesItsOldPlace() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("files");
            List<String> rest = probe.call(session -> {
                Channel channel = session.channel();
                channel.queueDeclare(queue, true, false, false, null);
                fill(channel, queue, 5);
                List<Long> tags = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    tags.add(channel.basicGet(queue, false).getEnvelope().getDeliveryTag());
                }
                channel.basicNack(tags.get(2), false, true);
                channel.basicNack(tags.get(1), false, true);
                channel.basicAck(tags.get(0), false);
                channel.messageCount(queue); // in order after the acknowledgements
                return drain(channel, queue);
            });
            assertThat(rest).containsExactly("2", "3", "4", "5");
        }
    }

    @Test
    void aCancelledConsumerReturnsWhatItHeldAndConsumesAgainOnTheSameChannel() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("files");
            List<Delivery> got = new CopyOnWriteArrayList<>();
            AtomicInteger cancels = new AtomicInteger();
            Channel channel = probe.call(BrokerSession::channel);
            String tag = probe.call(session -> {
                channel.queueDeclare(queue, true, false, false, null);
                fill(channel, queue, 4);
                channel.basicQos(2);
                return session.consume(channel, queue, false, got::add, cancels::incrementAndGet);
            });
            await().atMost(PATIENCE).until(() -> got.size() == 2);
            probe.call(session -> {
                channel.basicCancel(tag);
                channel.basicNack(got.get(1).getEnvelope().getDeliveryTag(), false, true);
                channel.basicAck(got.get(0).getEnvelope().getDeliveryTag(), false);
                return null;
            });
            probe.call(session -> session.consume(channel, queue, false, got::add, cancels::incrementAndGet));
            await().atMost(PATIENCE).until(() -> got.size() == 4);
            assertThat(texts(got)).containsExactly("1", "2", "2", "3");
            assertThat(cancels).as("our own cancelling is not reported").hasValue(0);
        }
    }

    /** Whether the broker tells a consumer that its queue was deleted. */
    abstract boolean tellsOfDeletedQueues();

    @Test
    void aQueueThatIsDeletedLeavesItsConsumersChannelUsable() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("files");
            AtomicInteger cancels = new AtomicInteger();
            List<Delivery> got = new CopyOnWriteArrayList<>();
            Channel channel = probe.call(BrokerSession::channel);
            String tag = probe.call(session -> {
                channel.queueDeclare(queue, true, false, false, null);
                return session.consume(channel, queue, false, got::add, cancels::incrementAndGet);
            });
            probe.call(session -> session.channel().queueDelete(queue));
            if (tellsOfDeletedQueues()) {
                await().atMost(PATIENCE).until(() -> cancels.get() == 1);
            } else {
                probe.call(session -> {
                    channel.basicCancel(tag);
                    return null;
                });
            }
            probe.call(session -> {
                channel.queueDeclare(queue, true, false, false, null);
                fill(channel, queue, 1);
                return session.consume(channel, queue, false, got::add, cancels::incrementAndGet);
            });
            await().atMost(PATIENCE).until(() -> got.size() == 1);
            assertThat(cancels).hasValue(tellsOfDeletedQueues() ? 1 : 0);
        }
    }

    @Test
    void aRunsQueueIsKeptAndCanBeFoundOut() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("files");
            probe.call(session -> {
                Channel channel = session.channel();
                assertThat(Probe.exists(session, queue)).isFalse();
                Topology.runQueue(session, channel, queue);
                Topology.runQueue(session, channel, queue);
                channel.basicCancel(session.consume(channel, queue, false, delivery -> {}, () -> {}));
                assertThat(Probe.exists(session, queue)).isTrue();
                channel.queueDelete(queue);
                assertThat(Probe.exists(session, queue)).isFalse();
                assertThat(channel.isOpen()).isTrue();
                return null;
            });
        }
    }

    @Test
    void passivelyDeclaringAMissingQueueClosesTheChannelWith404() throws Exception {
        try (Probe probe = new Probe(address())) {
            probe.call(session -> {
                Channel channel = session.channel();
                assertThatThrownBy(() -> channel.queueDeclarePassive("no-such-queue"))
                        .isInstanceOf(IOException.class)
                        .cause()
                        .isInstanceOfSatisfying(
                                ShutdownSignalException.class,
                                e -> assertThat(((AMQP.Channel.Close) e.getReason()).getReplyCode())
                                        .isEqualTo(AMQP.NOT_FOUND));
                assertThat(channel.isOpen()).isFalse();
                assertThat(session.isOpen()).isTrue();
                return null;
            });
        }
    }

    @Test
    void aMessageToAMissingQueueIsConfirmedAndForgotten() throws Exception {
        try (Probe probe = new Probe(address())) {
            probe.call(session -> {
                Channel channel = session.channel();
                channel.confirmSelect();
                channel.basicPublish("", "no-such-queue", PERSISTENT, bytes("gone"));
                channel.waitForConfirmsOrDie(10_000);
                assertThat(channel.isOpen()).isTrue();
                return null;
            });
        }
    }

    @Test
    void anExclusiveQueueIsClosedToOthers() throws Exception {
        BrokerAddress address = address();
        try (Probe owner = new Probe(address);
                Probe other = new Probe(address)) {
            String queue = name("inbox");
            owner.call(session -> session.channel().queueDeclare(queue, false, true, false, null));
            assertThatThrownBy(() -> other.call(session -> session.channel().queueDeclarePassive(queue)))
                    .hasRootCauseInstanceOf(ShutdownSignalException.class)
                    .hasStackTraceContaining("exclusive");
        }
    }

    @Test
    void exclusiveQueuesGoWithTheirConnection() throws Exception {
        BrokerAddress address = address();
        try (Probe other = new Probe(address)) {
            String idle = name("inbox");
            String consumed = name("inbox");
            try (Probe owner = new Probe(address)) {
                owner.call(session -> {
                    Channel channel = session.channel();
                    channel.queueDeclare(idle, false, true, false, null);
                    channel.queueDeclare(consumed, false, true, true, null);
                    return session.consume(channel, consumed, true, delivery -> {}, () -> {});
                });
            }
            await().atMost(PATIENCE)
                    .until(() ->
                            other.call(session -> !Probe.exists(session, idle) && !Probe.exists(session, consumed)));
        }
    }

    @Test
    void anAutoDeleteQueueGoesWithItsLastConsumer() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("auto");
            probe.call(session -> {
                Channel channel = session.channel();
                channel.queueDeclare(queue, false, false, true, null);
                channel.basicCancel(session.consume(channel, queue, true, delivery -> {}, () -> {}));
                return null;
            });
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() ->
                                    probe.call(session -> session.channel().queueDeclarePassive(queue)))
                            .hasStackTraceContaining("reply-code=404"));
        }
    }

    @Test
    void purgingEmptiesAQueue() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("files");
            List<String> rest = probe.call(session -> {
                Channel channel = session.channel();
                channel.queueDeclare(queue, true, false, false, null);
                channel.confirmSelect();
                fill(channel, queue, 5);
                channel.waitForConfirmsOrDie(10_000); // Qpid might purge first
                assertThat(channel.queuePurge(queue).getMessageCount()).isEqualTo(5);
                return drain(channel, queue);
            });
            assertThat(rest).isEmpty();
        }
    }

    @Test
    void gorgonsEntitiesCanBeDeclared() throws Exception {
        try (Probe probe = new Probe(address())) {
            String id = UUID.randomUUID().toString();
            List<String> answers = probe.call(session -> {
                Channel channel = session.channel();
                channel.exchangeDeclare("reply_exchange_" + id, "direct", false, true, Map.of());
                channel.queueDeclare("reply_queue_" + id, false, false, true, Map.of());
                channel.queueBind("reply_queue_" + id, "reply_exchange_" + id, "");
                channel.exchangeDeclare("reply_exchange_" + id, "direct", false, true, Map.of());
                channel.basicPublish("reply_exchange_" + id, "", null, bytes("start"));
                channel.messageCount("reply_queue_" + id);
                return drain(channel, "reply_queue_" + id);
            });
            assertThat(answers).containsExactly("start");
        }
    }

    @Test
    void aLargeMessageArrivesWhole() throws Exception {
        try (Probe probe = new Probe(address())) {
            byte[] body = new byte[5 << 20];
            new java.util.Random(1).nextBytes(body);
            byte[] got = probe.call(session -> {
                Channel channel = session.channel();
                String queue = channel.queueDeclare().getQueue();
                channel.basicPublish("", queue, PERSISTENT, body);
                channel.messageCount(queue);
                return channel.basicGet(queue, true).getBody();
            });
            assertThat(got).isEqualTo(body);
        }
    }

    @Test
    void aWrongPasswordIsRefusedInWordsThatDoNotHoldIt() throws Exception {
        BrokerAddress address = address();
        try (Probe probe = new Probe(address.withLogin(address.username(), "not-the-s3cret"))) {
            await().atMost(PATIENCE).until(() -> !probe.refusals.isEmpty() && !probe.failures.isEmpty());
            assertThat(probe.refusals.get(0))
                    .contains(address.host() + ":" + address.port())
                    .contains("user \"" + address.username() + "\"")
                    .contains("wrong user name or password")
                    .doesNotContain("s3cret");
            assertThat(probe.failures).isEqualTo(probe.refusals);
            assertThat(probe.pauses.get(0)).isGreaterThan(java.time.Duration.ofSeconds(20));
            assertThat(probe.sessions).isEmpty();
        }
    }

    @Test
    void anUnknownVirtualHostIsRefusedByName() throws Exception {
        try (Probe probe = new Probe(address().withVirtualHost("nowhere"))) {
            await().atMost(PATIENCE).until(() -> !probe.refusals.isEmpty());
            assertThat(probe.refusals.get(0)).contains("virtual host \"nowhere\"");
        }
    }

    @Test
    void smallPacketsAreSentAtOnce() throws Exception {
        try (Probe probe = new Probe(address())) {
            probe.session(1);
            assertThat(probe.connection.tcpNoDelay()).isTrue();
        }
    }

    @Test
    void aPublisherConfirmsEverything() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("replies");
            AtomicInteger drained = new AtomicInteger();
            AtomicInteger sent = new AtomicInteger();
            ReliablePublisher publisher = new ReliablePublisher(probe.loop, 10_000);
            probe.call(session -> {
                session.channel().queueDeclare(queue, true, false, false, null);
                publisher.attach(session);
                for (int i = 1; i <= 5000; i++) {
                    publisher.publish("", queue, PERSISTENT, bytes(String.valueOf(i)));
                }
                publisher.whenDrained(drained::incrementAndGet);
                publisher.whenSent(sent::incrementAndGet);
                return null;
            });
            await().atMost(PATIENCE).until(() -> drained.get() == 1 && sent.get() == 1);
            assertThat(probe.<Integer>call(session -> publisher.pending())).isZero();
            probe.call(session -> {
                publisher.whenSent(sent::incrementAndGet);
                return null;
            });
            await().atMost(PATIENCE).until(() -> sent.get() == 2);
            probe.call(session -> {
                publisher.detach();
                publisher.publish("", queue, PERSISTENT, bytes("5001"));
                publisher.whenSent(sent::incrementAndGet);
                return null;
            });
            assertThat(sent.get()).isEqualTo(2);
            probe.call(session -> {
                assertThat(sent.get()).as("nothing is sent without a session").isEqualTo(2);
                publisher.attach(session);
                return null;
            });
            await().atMost(PATIENCE).until(() -> sent.get() == 3);
            assertThat(probe.<Long>call(session -> session.channel().messageCount(queue)))
                    .isGreaterThanOrEqualTo(5000);
        }
    }

    @Test
    void aMessageToAMissingExchangeTakesNoOtherWithIt() throws Exception {
        try (Probe probe = new Probe(address())) {
            String queue = name("replies");
            List<String> dropped = new CopyOnWriteArrayList<>();
            AtomicInteger drained = new AtomicInteger();
            ReliablePublisher publisher = new ReliablePublisher(probe.loop, 10_000);
            probe.call(session -> {
                session.channel().queueDeclare(queue, true, false, false, null);
                publisher.onUndeliverable((exchange, key) -> dropped.add(exchange + "/" + key));
                publisher.attach(session);
                for (int i = 1; i <= 20; i++) {
                    boolean bad = i == 7 || i == 8;
                    publisher.publish(bad ? "no-such-exchange" : "", queue, PERSISTENT, bytes(String.valueOf(i)));
                }
                publisher.whenDrained(drained::incrementAndGet);
                return null;
            });
            await().atMost(PATIENCE).until(() -> drained.get() == 1);
            assertThat(dropped).containsExactly("no-such-exchange/" + queue, "no-such-exchange/" + queue);
            List<String> arrived = probe.call(session -> drain(session.channel(), queue));
            assertThat(arrived.stream().distinct().toList())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 20)
                            .filter(i -> i != 7 && i != 8)
                            .mapToObj(String::valueOf)
                            .toList());
            assertThat(probe.losses).isEmpty();
        }
    }

    /** Ends the broker as roughly as it can be ended. */
    abstract void kill();

    /** Starts it again at the same place. */
    abstract void start() throws IOException;

    /** Whether what was confirmed is still there after a restart. */
    abstract boolean keepsMessages();

    @Test
    void aRestartOfTheBrokerLosesNothingThatWasNotConfirmed() throws Exception {
        String queue = name("replies");
        EventLoop loop = new EventLoop("publisher");
        ReliablePublisher publisher = new ReliablePublisher(loop, 10_000);
        try (Probe probe = new Probe(address(), loop, session -> {
            session.channel().queueDeclare(queue, true, false, false, null);
            publisher.attach(session);
        })) {
            probe.session(1);
            publish(loop, publisher, queue, 1, 500);
            await().atMost(PATIENCE).until(() -> loop.submit(publisher::pending).get() == 0);
            publish(loop, publisher, queue, 501, 3000);
            kill();
            await().atMost(PATIENCE).until(() -> probe.losses.size() == 1);
            publish(loop, publisher, queue, 3001, 3500);
            int unconfirmed = loop.submit(publisher::pending).get();
            assertThat(unconfirmed).isGreaterThanOrEqualTo(500);
            await().atMost(PATIENCE).until(() -> !probe.failures.isEmpty());
            assertThat(probe.failures.get(0)).contains("cannot be reached").contains("is it running?");

            start();
            probe.session(2);
            await().atMost(PATIENCE).until(() -> loop.submit(publisher::pending).get() == 0);
            List<Integer> arrived = probe.call(session -> drain(session.channel(), queue)).stream()
                    .map(Integer::valueOf)
                    .toList();
            int from = keepsMessages() ? 1 : 3500 - unconfirmed + 1;
            assertThat(arrived)
                    .containsAll(IntStream.rangeClosed(from, 3500).boxed().toList());
            assertThat(arrived.stream().filter(each -> each > 3000).toList())
                    .isSorted()
                    .hasSize(500);
            assertThat(probe.losses).as("told once").hasSize(1);
            assertThat(probe.session(2).generation())
                    .isGreaterThan(probe.session(1).generation());
            assertThat(probe.session(1).isOpen()).isFalse();
        }
    }

    private static void publish(EventLoop loop, ReliablePublisher publisher, String queue, int from, int to)
            throws Exception {
        loop.submit(() -> {
                    for (int i = from; i <= to; i++) {
                        publisher.publish("", queue, PERSISTENT, bytes(String.valueOf(i)));
                    }
                    return null;
                })
                .get();
    }
}
