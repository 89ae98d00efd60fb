package io.jenkins.plugins.distributedtest.wire.gorgon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against messages as captured from Gorgon 0.11.1. */
class GorgonCodecTest {
    private static final String JOB = """
            {"type":"job_definition","file_queue_name":"file_queue_9d06","reply_exchange_name":"reply_exchange_9d06",\
            "sync":{"exclude":[".git","log"],"rsync_transport":"anonymous",\
            "source_tree_path":"rsync://127.0.0.1:43434/src/vm_gorgon-demo"},\
            "callbacks":{"callbacks_class_file":"gorgon_callbacks.rb"}}""";
    private static final String FAIL = """
            {"action":"finish","hostname":"vm","worker_id":2,"filename":"spec/fail_spec.rb","runtime":0.011,\
            "failures":[{"test_name":"Failing adds wrongly: line 2","description":"adds wrongly",\
            "full_description":"Failing adds wrongly","status":"failed","file_path":"./spec/fail_spec.rb",\
            "line_number":2,"class":"RSpec::Expectations::ExpectationNotMetError",\
            "message":"\\nexpected: 3\\n     got: 2\\n\\n(compared using ==)\\n","location":["a.rb:87","b.rb:3"]}],\
            "type":"fail","runner":"rspec","time":0.011}""";

    private static GorgonMessage decode(String json) throws WireException {
        return GorgonCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(GorgonMessage message) {
        return new String(GorgonCodec.encode(message), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                JOB,
                FAIL,
                "{\"listener_queue_name\":\"job_queue_90bd9304\"}",
                "{\"action\":\"start\",\"hostname\":\"vm\",\"worker_id\":1,\"filename\":\"spec/crash_spec.rb\"}",
                "{\"action\":\"finish\",\"hostname\":\"vm\",\"worker_id\":2,\"filename\":\"spec/pass_spec.rb\","
                        + "\"runtime\":0.0029,\"failures\":[],\"type\":\"pass\",\"runner\":\"rspec\",\"time\":0.0029}",
                "{\"action\":\"finish\",\"hostname\":\"vm\",\"worker_id\":2,\"filename\":\"spec/x.rb\",\"runtime\":0.134,"
                        + "\"failures\":[\"Exception: undefined\\nx\"],\"type\":\"crash\",\"time\":0.12}",
                "{\"type\":\"crash\",\"hostname\":\"vm\",\"stdout\":\"last lines\",\"stderr\":\"whole\"}",
                "{\"type\":\"exception\",\"hostname\":\"vm\",\"message\":\"BOOM\",\"backtrace\":\"a\\nb\"}",
                "{\"type\":\"ping\",\"reply_exchange_name\":\"reply_exchange_1\",\"body\":{}}",
                "{\"type\":\"ping_response\",\"hostname\":\"vm\",\"version\":\"0.11.1\",\"worker_slots\":2}",
                "{\"type\":\"gem_command\",\"reply_exchange_name\":\"r\",\"body\":{\"gem_command\":\"install\"}}",
                "{\"type\":\"running_command\",\"hostname\":\"vm\"}",
                "{\"type\":\"command_failed\",\"command\":\"gem\",\"stdout\":\"\",\"stderr\":\"e\",\"hostname\":\"vm\"}",
                "{\"action\":\"cancel_job\"}"
            })
    void whatGorgonSendsIsReadAndWrittenToTheLetter(String captured) throws Exception {
        assertThat(encode(decode(captured))).isEqualTo(captured);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "3",
                "\"start\"",
                "{",
                "{}}",
                "{\"action\":\"start\"}",
                "not json",
                "{\"type\":\"job_definition\"}",
                "{\"type\":\"job_definition\",\"file_queue_name\":\"f\"}",
                "{\"type\":\"ping\"}",
                "{\"action\":\"finish\",\"hostname\":\"vm\"}",
                "{\"type\":\"heartbeat\",\"running\":3}",
                "{\"type\":\"job_definition\",\"file_queue_name\":\"f\",\"reply_exchange_name\":\"r\",\"distributed_test\":{}}"
            })
    void w9APoisonMessageIsAWireException(String poison) {
        assertThatThrownBy(() -> decode(poison)).isInstanceOf(WireException.class);
    }

    @Test
    void w9InvalidUtf8IsAWireException() {
        byte[] body = "{\"type\":\"x\",\"a\":\"?\"}".getBytes(StandardCharsets.ISO_8859_1);
        body[body.length - 3] = (byte) 0xE9;
        assertThatThrownBy(() -> GorgonCodec.decode(body))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> GorgonCodec.path(new byte[] {(byte) 0xff})).isInstanceOf(WireException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void w9DamagedMessagesNeverDoWorse(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            byte[] body = (random.nextBoolean() ? JOB : FAIL).getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(6); n >= 0; n--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> {
                        try {
                            GorgonCodec.decode(body);
                        } catch (WireException e) {
                            assertThat(e).hasMessageContaining("essage");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void unknownKindsAreToldFromBrokenOnes() throws Exception {
        assertThat(decode("{\"type\":\"new thing\"}")).isEqualTo(new GorgonMessage.Unknown("new thing"));
        assertThat(decode("{\"a\":1}")).isEqualTo(new GorgonMessage.Unknown(""));
    }

    @Test
    void stringsForNumbersExtraKeysAndMissingOptionalKeysAreAccepted() throws Exception {
        GorgonMessage.Finish finish = (GorgonMessage.Finish)
                decode(
                        "{\"action\":\"finish\",\"hostname\":\"vm\",\"worker_id\":\"w7\",\"filename\":\"a\",\"extra\":{},\"runtime\":\"0.5\"}");
        assertThat(finish.workerId()).isEqualTo("w7");
        assertThat(finish.runtime()).isEqualTo(0.5);
        assertThat(finish.type()).isEqualTo("pass");
        assertThat(encode(new GorgonMessage.Start("vm", "w7", "a", null))).contains("\"worker_id\":\"w7\"");
        GorgonMessage.JobDefinition job = (GorgonMessage.JobDefinition)
                decode("{\"type\":\"job_definition\",\"file_queue_name\":\"f\",\"reply_exchange_name\":\"r\"}");
        assertThat(job.sync()).isNull();
        assertThat(job.callbacksClassFile()).isNull();
        assertThat(job.extension()).isNull();
    }

    @Test
    void ourAdditionsTravel() throws Exception {
        GorgonMessage.Extension extension = new GorgonMessage.Extension(
                1,
                "run",
                "c",
                "p",
                5,
                20,
                600,
                Map.of("A", "b"),
                new SyncSpec(SyncSpec.Kind.NONE, List.of("x"), "digest", "/tree", null, null, null, null),
                RunnerSettings.DEFAULT,
                Map.of("after_sync", List.of("make")),
                3);
        GorgonMessage.JobDefinition job = new GorgonMessage.JobDefinition("f", "r", null, null, extension);
        assertThat(decode(encode(job))).isEqualTo(job);
        FileResult result = FileResult.of(new TestFile("a"), FileStatus.PASSED, 1)
                .withOutput("out")
                .by("rspec");
        GorgonMessage.Finish finish =
                GorgonResults.finish(result, "vm", "1", new GorgonMessage.Ours("listener", 1, 3, result));
        GorgonMessage.Finish back = (GorgonMessage.Finish) decode(encode(finish));
        assertThat(back).isEqualTo(finish);
        assertThat(GorgonResults.result(back)).isEqualTo(result);
        GorgonMessage.Native heartbeat = new GorgonMessage.Native(
                new NativeMessage.Heartbeat("l", List.of(new NativeMessage.Heartbeat.Running(1, "a", 2))));
        assertThat(decode(encode(heartbeat))).isEqualTo(heartbeat);
    }

    @Test
    void halfASurrogatePairAndInfinityNeverReachARubyPeer() throws Exception {
        GorgonMessage.Finish finish = new GorgonMessage.Finish(
                "vm",
                "1",
                "a",
                Double.NaN,
                List.of(new GorgonMessage.Failure.Text("bad \uD800 half, \uDC00 half, good \uD83D\uDE00")),
                "fail",
                "test_unit",
                Double.POSITIVE_INFINITY,
                null);
        String json = encode(finish);
        assertThat(json).contains("\"runtime\":0.0", "\"time\":0.0", "good \uD83D\uDE00");
        assertThat(GorgonCodec.decode(GorgonCodec.encode(finish))).isInstanceOf(GorgonMessage.Finish.class);
    }

    @Test
    void anRspecFailureBecomesACase() throws Exception {
        FileResult result = GorgonResults.result((GorgonMessage.Finish) decode(FAIL));
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.runner()).isEqualTo("rspec");
        TestCase failing = result.cases().get(0);
        assertThat(failing.name()).isEqualTo("adds wrongly");
        assertThat(failing.className()).isEqualTo("Failing");
        assertThat(failing.line()).isEqualTo(2);
        assertThat(failing.status()).isEqualTo(CaseStatus.FAILED);
        assertThat(failing.failure().message()).startsWith("expected: 3");
        assertThat(failing.failure().trace()).isEqualTo("a.rb:87\nb.rb:3");
    }

    @Test
    void testUnitFailuresBecomeCases() {
        FileResult result = GorgonResults.result(new GorgonMessage.Finish(
                "vm",
                "1",
                "test/a_test.rb",
                1,
                List.of(
                        new GorgonMessage.Failure.Text(
                                "Failure:\ntest_bad(ATest) [test/a_test.rb:3]:\n<1> expected but was\n<2>."),
                        new GorgonMessage.Failure.Text("Error:\ntest_err(ATest):\nRuntimeError: oops\n    x.rb:1"),
                        new GorgonMessage.Failure.Text("something else")),
                "fail",
                "test_unit",
                1,
                null));
        assertThat(result.cases()).extracting(TestCase::name).containsExactly("test_bad", "test_err", "something else");
        assertThat(result.cases()).extracting(TestCase::className).containsExactly("ATest", "ATest", "test/a_test.rb");
        assertThat(result.cases()).extracting(TestCase::line).containsExactly(3, 0, 0);
        assertThat(result.cases().get(1).status()).isEqualTo(CaseStatus.ERROR);
        assertThat(result.cases().get(0).failure().message()).isEqualTo("<1> expected but was\n<2>.");
    }

    @Test
    void aCrashOfAFileIsAFailureOfTheFileNotOfTheWorker() throws Exception {
        FileResult result = GorgonResults.result((GorgonMessage.Finish) decode(
                "{\"action\":\"finish\",\"hostname\":\"vm\",\"worker_id\":2,\"filename\":\"spec/x.rb\",\"runtime\":0.134,"
                        + "\"failures\":[\"Exception: undefined\\nx\"],\"type\":\"crash\",\"time\":0.12}"));
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).isEqualTo("Exception: undefined\nx");
        assertThat(result.cases()).isEmpty();
    }

    @Test
    void w4ResultsOfOursReachARubyOriginatorWithEveryFailure() {
        Failure failure = new Failure("expected: 3", "RSpec::Expectations::ExpectationNotMetError", "a.rb:1\nb.rb:2");
        List<TestCase> cases = List.of(
                new TestCase("one", "Group", 0, CaseStatus.FAILED, failure, "", 2),
                new TestCase("two", "Group", 0, CaseStatus.ERROR, failure, "", 5),
                new TestCase("three", "Group", 0, CaseStatus.PASSED, null, "", 9));
        FileResult rspec = FileResult.of(new TestFile("spec/a.rb"), FileStatus.FAILED, 1)
                .withCases(cases)
                .by("rspec");
        GorgonMessage.Finish finish = GorgonResults.finish(rspec, "vm", "1", null);
        assertThat(finish.type()).isEqualTo("fail");
        assertThat(finish.failures())
                .hasSize(2)
                .first()
                .isInstanceOfSatisfying(
                        GorgonMessage.Failure.Example.class,
                        e -> assertThat(e.testName()).isEqualTo("Group one: line 2"));
        FileResult pytest = FileResult.of(new TestFile("test_a.py"), FileStatus.FAILED, 1)
                .withCases(cases)
                .by("pytest");
        assertThat(GorgonResults.finish(pytest, "vm", "1", null).runner()).isEqualTo("test_unit");
        FileResult crashed = FileResult.of(new TestFile("a"), FileStatus.CRASHED, 1)
                .withMessage("killed by KILL")
                .withOutput("tail")
                .withEnding(137, "KILL")
                .by("rspec");
        GorgonMessage.Finish crash = GorgonResults.finish(crashed, "vm", "1", null);
        assertThat(crash.type()).isEqualTo("crash");
        assertThat(crash.runner()).isNull();
        FileResult cancelled =
                FileResult.of(new TestFile("a"), FileStatus.CANCELLED, 1).by("rspec");
        assertThatThrownBy(() -> GorgonResults.finish(cancelled, "vm", "1", null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
