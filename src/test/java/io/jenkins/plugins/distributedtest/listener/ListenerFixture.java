package io.jenkins.plugins.distributedtest.listener;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.sync.FetchedTree;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A listener in a work directory of its own, for tests, with what stands around it. */
final class ListenerFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("patience", 60));

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Path work;
    final Listener listener;

    /** With runners that do nothing and empty trees. */
    ListenerFixture(BrokerAddress address, Path work, int slots, RunnerFactory runners) throws IOException {
        this(address, work, slots, runners, (job, workspace) -> new FetchedTree("digest", workspace, 0.5, true));
    }

    ListenerFixture(BrokerAddress address, Path work, int slots, RunnerFactory runners, RunPreparation.Sources sources)
            throws IOException {
        this(address, settings(work, slots), runners, sources, null);
    }

    ListenerFixture(
            BrokerAddress address, ListenerSettings settings, RunnerFactory runners, RunPreparation.Sources sources)
            throws IOException {
        this(address, settings, runners, sources, null);
    }

    /** For one run if that is not null. */
    ListenerFixture(
            BrokerAddress address,
            Path work,
            int slots,
            RunnerFactory runners,
            RunPreparation.Sources sources,
            OneRun only)
            throws IOException {
        this(address, settings(work, slots), runners, sources, only);
    }

    private ListenerFixture(
            BrokerAddress address,
            ListenerSettings settings,
            RunnerFactory runners,
            RunPreparation.Sources sources,
            OneRun only)
            throws IOException {
        this.work = settings.workDirectory();
        listener = new Listener(settings, address, meters, runners, sources, only);
        listener.start();
        eventually("the listener connects", () -> listener.status().connectedSince() != null);
    }

    static ListenerSettings settings(Path work, int slots) {
        return new ListenerSettings(
                null, slots, work, false, Duration.ofSeconds(30), Duration.ofSeconds(60), SshOptions.DEFAULT, null);
    }

    static Connection connect(BrokerAddress address) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setVirtualHost(address.virtualHost());
        factory.setUsername(address.username());
        factory.setPassword(address.password());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("test");
    }

    /** Deletes something; that it is gone already is an error for some brokers, not for others. */
    static void delete(Connection connection, Channels.Use use) throws IOException {
        Channel channel = connection.createChannel();
        try {
            use.with(channel);
        } catch (IOException e) {
            if (!Channels.closedByNotFound(channel)) {
                throw e;
            }
        } finally {
            Channels.close(channel);
        }
    }

    static void eventually(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    /** The workspaces that there are now. */
    List<Path> workspaces() {
        Path parent = work.resolve("workspaces");
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(each -> !each.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
