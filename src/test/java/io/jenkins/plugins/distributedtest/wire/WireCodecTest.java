package io.jenkins.plugins.distributedtest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireCodecTest {
    private static final WorkerId WORKER = new WorkerId("listener", "host", 2);
    private static final TestFile FILE = new TestFile("spec/a_spec.rb");

    static Stream<NativeMessage> everyMessage() {
        TestCase bad = new TestCase(
                "name", "class", 0.5, CaseStatus.FAILED, new Failure("message", "type", "trace"), "out", 7);
        return Stream.of(
                new NativeMessage.JobDefinition(
                        "run",
                        "project",
                        "files",
                        "replies",
                        5,
                        20,
                        Map.of("A", "b"),
                        new SyncSpec(SyncSpec.Kind.CONTENT, List.of(".git"), "digest", null, null, null, "q", "x"),
                        new CallbackSpec("callbacks.rb", Map.of("after_sync", List.of("make"))),
                        new RunnerSettings(
                                List.of(new RunnerSettings.Rule("**/*.rb", "rspec")),
                                Map.of("ruby", List.of("bundle", "exec", "ruby")),
                                null,
                                null,
                                List.of("target/classes"),
                                null,
                                List.of("make", "{file}"),
                                Map.of("rspec", "file"),
                                List.of("rspec", "command"),
                                List.of(new SubProject(
                                        "engines/foo",
                                        "rspec",
                                        RunnerSettings.DEFAULT.isolated(Map.of("rspec", "worker")),
                                        Map.of("A", "c")))),
                        3,
                        true),
                new NativeMessage.FinishRun("run"),
                new NativeMessage.CancelRun("run", "reason"),
                new NativeMessage.OriginatorHeartbeat("run"),
                new NativeMessage.Ping("queue"),
                new NativeMessage.FileJob("a", 3, 600, 1.5, List.of(WORKER), true),
                new NativeMessage.Announcement("listener", "host", "inbox"),
                new NativeMessage.Preparing("listener", "host", "inbox", "1.0", 4),
                new NativeMessage.Ready("listener", "digest", 0.25),
                new NativeMessage.Left("listener", NativeMessage.Left.Reason.SYNC_FAILED, "problem", "output"),
                new NativeMessage.Start(WORKER, "a", 1),
                new NativeMessage.Finish(
                        WORKER,
                        1,
                        FileResult.of(FILE, FileStatus.CRASHED, 2)
                                .withCases(List.of(bad))
                                .withMessage("m")
                                .withOutput("o")
                                .withEnding(137, "KILL")
                                .by("rspec"),
                        40),
                new NativeMessage.Cases(WORKER, "a", 1, 20, List.of(bad)),
                new NativeMessage.Heartbeat("listener", List.of(new NativeMessage.Heartbeat.Running(1, "a", 2))),
                new NativeMessage.PingResponse("listener", "host", "1.0", 4, 2, List.of("rspec"), "team-a"));
    }

    @ParameterizedTest
    @MethodSource("everyMessage")
    void everyMessageComesBackAsItWas(NativeMessage message) throws Exception {
        assertThat(WireCodec.decode(WireCodec.encode(message))).isEqualTo(message);
    }

    @Test
    void everyKindOfMessageIsTried() {
        assertThat(everyMessage().map(Object::getClass).distinct().count())
                .isEqualTo(NativeMessage.class.getPermittedSubclasses().length);
    }

    @Test
    void componentsTravelInSnakeCaseAndDerivedMethodsDoNot() {
        String json = new String(WireCodec.encode(everyMessage().findFirst().orElseThrow()), StandardCharsets.UTF_8);
        assertThat(json)
                .contains("\"type\":\"job_definition\"", "\"run_id\":\"run\"", "\"class_path_command\":[]")
                .doesNotContain("empty", "runId");
    }

    @Test
    void unknownKeysAreIgnored() throws Exception {
        assertThat(WireCodec.decode(
                        "{\"type\":\"finish_run\",\"run_id\":\"r\",\"new\":{}}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new NativeMessage.FinishRun("r"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"type\":\"unheard of\"}",
                "{\"type\":\"start\"}",
                "{\"type\":\"finish\",\"worker\":{\"listener\":\"l\",\"host\":\"h\",\"slot\":1},\"lease\":1,"
                        + "\"result\":{\"file\":{\"path\":\"../x\"},\"status\":\"PASSED\",\"seconds\":1,\"cases\":[]}}"
            })
    void w9WhatIsNoMessageIsAWireException(String body) {
        assertThatThrownBy(() -> WireCodec.decode(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(WireException.class);
    }
}
