package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.LogCapture;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes from the wire is checked before it is used. */
class HostileGearmanServerTest {
    private static final int JOB_ASSIGN_UNIQ = 31;
    private static final int ERROR = 19;

    private final ServerSocket server;
    private final EventLoop loop = new EventLoop("gearman-test");
    private final GearmanWorkerFixture.Keeper keeper = new GearmanWorkerFixture.Keeper();
    private final GearmanWorker worker;

    HostileGearmanServerTest() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(60_000);
        worker = new GearmanWorker(
                GearmanServer.plain("127.0.0.1", server.getLocalPort()),
                new GearmanWorker.ClientId("test", "jobs"),
                loop,
                keeper,
                GearmanWorker.Timing.DEFAULT,
                new SimpleMeterRegistry());
        worker.setFunctions(List.of("f"));
        worker.setCapacity(10);
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
        loop.close();
        server.close();
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8), "no Gearman server"),
                Arguments.of(header(JOB_ASSIGN_UNIQ, Integer.MAX_VALUE), "2147483647 bytes"),
                Arguments.of(header(JOB_ASSIGN_UNIQ, -1), "4294967295 bytes"),
                Arguments.of(packet(JOB_ASSIGN_UNIQ, "H:x:1\0f"), "2 of its 4 arguments"));
    }

    @ParameterizedTest
    @MethodSource
    void nonsense(byte[] sent, String problem) throws IOException {
        worker.start();
        try (Socket first = server.accept()) {
            first.getOutputStream().write(sent);
            await().until(() -> worker.status().lastError().contains(problem));
        }
        // It goes on to try again.
        server.accept().close();
        assertThat(keeper.assigned).isEmpty();
    }

    @Test
    void anErrorAndAnUnknownTypeDoNotEndTheConnection() throws IOException {
        worker.start();
        try (Socket only = server.accept()) {
            only.getOutputStream().write(packet(ERROR, "JOB_NOT_FOUND\0Job given in work result not found"));
            only.getOutputStream().write(packet(1000, "what is this"));
            only.getOutputStream().write(packet(JOB_ASSIGN_UNIQ, "H:x:1\0f\0u1\0payload"));
            await().until(() -> keeper.assigned.size() == 1);
            assertThat(worker.status().connectedSince()).isNotNull();
            assertThat(worker.status().lastError()).contains("JOB_NOT_FOUND Job given");
        }
    }

    @Test
    void aPacketThatIsCutOffDoesNotSpoilTheNextConnection() throws IOException {
        worker.start();
        byte[] whole = packet(JOB_ASSIGN_UNIQ, "H:x:1\0f\0u1\0payload");
        try (Socket first = server.accept()) {
            first.getOutputStream().write(whole, 0, whole.length - 5);
        }
        try (Socket second = server.accept()) {
            second.getOutputStream().write(whole);
            await().until(() -> keeper.assigned.size() == 1);
            assertThat(new String(keeper.assigned.get(0).payload(), StandardCharsets.UTF_8))
                    .isEqualTo("payload");
        }
    }

    @Test
    void aPortThatNeverAnswersIsNeverCalledConnected() throws IOException {
        GearmanWorker impatient = new GearmanWorker(
                GearmanServer.plain("127.0.0.1", server.getLocalPort()),
                new GearmanWorker.ClientId("test", "jobs"),
                loop,
                keeper,
                new GearmanWorker.Timing(Duration.ofMillis(100), Duration.ofMillis(500)),
                new SimpleMeterRegistry());
        LogCapture log = new LogCapture("io.jenkins.plugins.distributedtest.gearman");
        try (log;
                impatient) {
            impatient.setFunctions(List.of("f"));
            impatient.start();
            for (int i = 0; i < 3; i++) {
                Socket silent = server.accept();
                assertThat(impatient.status().isConnected()).isFalse();
                assertThat(silent.getInputStream().readAllBytes())
                        .as("what was asked until it hung up")
                        .isNotEmpty();
                silent.close();
                await().until(() -> impatient.status().lastError().contains("No Gearman server answers at 127.0.0.1:"));
            }
        }
        assertThat(log.lines()).noneMatch(line -> line.startsWith("Connected"));
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("No Gearman server answers at "))
                .as("the same problem once a minute")
                .hasSize(1);
    }

    @Test
    void refusesFunctionsThatCannotTravel() {
        assertThatThrownBy(() -> worker.setFunctions(List.of("a\0b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Not the name of a Gearman function");
    }

    private static byte[] header(int type, int length) {
        return ByteBuffer.allocate(12)
                .put("\0RES".getBytes(StandardCharsets.UTF_8))
                .putInt(type)
                .putInt(length)
                .array();
    }

    private static byte[] packet(int type, String data) {
        byte[] body = data.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(12 + body.length)
                .put(header(type, body.length))
                .put(body)
                .array();
    }
}
