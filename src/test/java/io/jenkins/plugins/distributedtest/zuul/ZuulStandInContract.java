package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.RawGearmanWorker;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Zuul does with what workers send, row by row: the stand-in of these tests is as unforgiving as Zuul itself, so
 * that the tests of executors that use it mean something.
 */
abstract class ZuulStandInContract {
    private static final String STARTED = "{\"name\":\"x\",\"number\":\"1\",\"manager\":\"m\",\"url\":\"\"}";

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private AutoCloseable server;
    private ZuulStandIn zuul;
    private RawGearmanWorker worker;

    abstract AutoCloseable startServer(int onPort) throws Exception;

    @BeforeEach
    void start() throws Exception {
        server = startServer(port);
        zuul = new ZuulStandIn(port);
        worker = new RawGearmanWorker(port, "build:x");
        await().until(() -> zuul.isRegistered("build:x"));
    }

    @AfterEach
    void stop() throws Exception {
        zuul.close();
        worker.close();
        server.close();
    }

    private ZuulStandIn.Build build() throws IOException {
        ZuulStandIn.Build build = zuul.build("x", Map.of());
        worker.take();
        return build;
    }

    private static String result(String text) {
        return STARTED.replace("}", ",\"result\":" + text + "}");
    }

    private static void awaitResult(ZuulStandIn.Build build, String result) {
        await().until(() -> result.equals(build.result()));
    }

    @Test
    void successIsSuccessAndAnyOtherTextIsReportedWordForWord() throws Exception {
        ZuulStandIn.Build good = build();
        worker.data(STARTED).complete(result("\"SUCCESS\""));
        awaitResult(good, "SUCCESS");
        ZuulStandIn.Build bad = build();
        worker.data(STARTED).complete(result("\"two tests failed\""));
        awaitResult(bad, "two tests failed");
    }

    @Test
    void aFailureAfterDataWithAResultIsThatResult() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(result("\"FAILURE\"")).fail();
        awaitResult(build, "FAILURE");
        assertThat(build.attempts()).isEqualTo(1);
    }

    @Test
    void anEndWithoutAResultIsTriedThreeTimes() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(STARTED).fail();
        await().until(() -> build.attempts() == 2);
        worker.take().data(STARTED).complete(result("null"));
        await().until(() -> build.attempts() == 3);
        worker.take().data(STARTED).complete("");
        awaitResult(build, "RETRY_LIMIT");
    }

    @Test
    void aCompletionWithoutDataTakesTheLastData() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(STARTED).data(result("\"SUCCESS\"")).complete("");
        awaitResult(build, "SUCCESS");
    }

    @Test
    void aWarningThatIsNoJsonMakesABuildThatNeverEnds() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(STARTED).warning("disk nearly full").complete("");
        await().until(() -> build.submitted().isEnded());
        assertThat(build.result()).isNull();
        assertThat(build.attempts()).isEqualTo(1);
    }

    @Test
    void anExceptionIsARetryWhateverItSays() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(STARTED).exception(result("\"SUCCESS\""));
        await().until(() -> build.attempts() == 2);
    }

    @Test
    void aResultThatComesEarlyIsBelievedWhenTheWorkerIsLost() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(result("\"SUCCESS\""));
        await().until(() -> build.number() != null);
        worker.close();
        awaitResult(build, "SUCCESS");
    }

    @Test
    void numberAndManagerAreTakenOnce() throws Exception {
        ZuulStandIn.Build build = build();
        worker.data(STARTED).data("{\"number\":\"2\",\"manager\":\"other\"}");
        await().until(() -> build.submitted().data.size() == 2);
        assertThat(build.number()).isEqualTo("1");
        assertThat(build.manager()).isEqualTo("m");
        assertThat(build.startedWithoutNumber()).isFalse();
    }

    @Test
    void aStatusBeforeTheFirstDataIsAStartWithoutANumber() throws Exception {
        ZuulStandIn.Build build = build();
        worker.status(0, 100);
        await().until(build::startedWithoutNumber);
    }

    @Test
    void whatIsNotRegisteredIsNotLaunched() throws Exception {
        assertThat(zuul.build("y", Map.of()).result()).isEqualTo("NOT_REGISTERED");
    }

    @Test
    void aBuildThatWaitsIsTakenOutOfTheQueue() throws Exception {
        ZuulStandIn.Build build = zuul.build("x", Map.of());
        await().until(() -> build.submitted().handle != null);
        assertThat(build.cancel()).isTrue();
        assertThat(build.result()).isEqualTo("CANCELED");
    }
}
