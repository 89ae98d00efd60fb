package io.jenkins.plugins.distributedtest.jenkins.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The build's page in a real Jenkins, as it is sent. What a browser makes of it is in {@code BuildPageInBrowserTest}. */
@WithJenkins
class BuildPageTest {
    private static final String PAGE = "distributed-tests/";

    private JenkinsRule jenkins;
    private WorkflowRun build;

    @BeforeEach
    void aBuild(JenkinsRule rule) throws Exception {
        jenkins = rule;
        WorkflowJob job = rule.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("echo 'hello'", true));
        build = rule.buildAndAssertSuccess(job);
    }

    @AfterEach
    void forget() {
        LiveRuns.unregister("run-1");
        LiveRuns.unregister("run-2");
    }

    static RunReport run(String id, RunEnd end, FileReport... files) {
        return new RunReport(
                id,
                "shop",
                SampleRuns.START,
                12.5,
                end,
                "",
                List.of(files),
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0.5)));
    }

    static FileReport passed(String path) {
        return SampleRuns.file(SampleRuns.attempt(
                SampleRuns.result(path, FileStatus.PASSED, 1, List.of(SampleRuns.passed("adds"))),
                SampleRuns.WORKER,
                1));
    }

    static FileReport failed(String path) {
        return SampleRuns.file(SampleRuns.attempt(
                SampleRuns.result(
                        path, FileStatus.FAILED, 2, List.of(SampleRuns.failed("subtracts", "expected <b>3</b>"))),
                SampleRuns.WORKER,
                2));
    }

    private DistributedTestAction finished(String id, String title, FileReport... files) throws Exception {
        DistributedTestAction action = DistributedTestAction.of(build);
        action.started(id, title, "7");
        action.finished(id, run(id, RunEnd.COMPLETED, files));
        return action;
    }

    private URI uri(String path) throws Exception {
        return jenkins.getURL().toURI().resolve(build.getUrl() + path);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).header("Connection-Note", "test");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String html(String path) throws Exception {
        HttpResponse<byte[]> response = get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private JsonNode json(String path, String... headers) throws Exception {
        HttpResponse<byte[]> response = get(path, headers);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        byte[] body = response.body();
        if (response.headers().firstValue("Content-Encoding").orElse("").equals("gzip")) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        return new ObjectMapper().readTree(body);
    }

    @Test
    void thePageOfABuildWithOneRunShowsIt() throws Exception {
        finished("run-1", "unit", passed("a.rb"), failed("b.rb"));
        String page = html(PAGE);
        assertThat(page).contains("data-dt-run=\"/jenkins/" + build.getUrl() + "distributed-tests/run/run-1/data\"");
        assertThat(page)
                .contains(
                        "distributedtest/report/view.js", "distributedtest/report/run.css", "jenkins/build/follow.js");
        assertThat(html(PAGE + "run/run-1/")).contains("data-dt-run", "report.json", "execution/node/7/log/", ">unit<");
        assertThat(html("")).contains("href=\"distributed-tests/\"");
    }

    @Test
    void nothingOfThePageIsInlineAndItsFilesAreServed() throws Exception {
        finished("run-1", "<script>alert(1)</script>", failed("<img src=x onerror=alert(1)>.rb"));
        DistributedTestAction.of(build).started("run-2", "", "");
        for (String path : List.of(PAGE, PAGE + "run/run-1/", PAGE + "run/run-2/", "")) {
            String page = html(path);
            assertThat(page).as(path).doesNotContain("<script>alert", "<img src=x");
            Matcher ours = Pattern.compile("(?:src|href)=[\"']([^\"']*distributedtest[^\"']*\\.(?:js|css))")
                    .matcher(page);
            List<String> files = new ArrayList<>();
            while (ours.find()) {
                files.add(ours.group(1));
            }
            assertThat(files).as(path).hasSize(path.isEmpty() ? 0 : 10);
            for (String file : files) {
                HttpRequest request =
                        HttpRequest.newBuilder(uri("").resolve(file)).build();
                assertThat(HttpClient.newHttpClient()
                                .send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .as(file)
                        .isEqualTo(200);
            }
            String panel = page.substring(page.indexOf("id=\"main-panel\""));
            if (!path.isEmpty()) { // The build's main page has parts of others in its panel.
                assertThat(panel).as(path).doesNotContainPattern("<[^>]*\\s(style|on[a-z]+)=");
                assertThat(panel.replaceAll("<script [^>]*src=[^>]*>", ""))
                        .as(path)
                        .doesNotContain("<script");
            }
        }
    }

    @Test
    void theOnlyRunOfABuildShowsItsTitle() throws Exception {
        finished("run-1", "unit of work", passed("a.rb"));
        assertThat(html(PAGE)).contains("unit of work", "data-dt-run=");
    }

    @Test
    void aRunWithoutATitleIsCalledByItsNumber() throws Exception {
        finished("run-1", "", passed("a.rb"));
        finished("run-2", "", passed("b.rb"));
        assertThat(html("")).contains(">Run 1<", ">Run 2<");
        assertThat(html(PAGE + "run/run-2/")).contains("<title>Run 2");
    }

    @Test
    void severalRunsOfABuildHaveAPageEach() throws Exception {
        finished("run-1", "unit", passed("a.rb"));
        finished("run-2", "system", failed("b.rb"));
        assertThat(html(PAGE))
                .contains("data-dt-runs=\"api/json?tree=runs%5Bid,")
                .doesNotContain("data-dt-run=");
        assertThat(html(PAGE + "run/run-2/")).contains("run/run-2/data", "All runs of this build");
        assertThat(get(PAGE + "run/run-3/").statusCode()).isEqualTo(404);
        assertThat(get(PAGE + "run/..%2F..%2Fx/").statusCode()).isIn(400, 404);
        assertThat(json(PAGE + "api/json?tree=runs%5BdisplayName%5D")
                        .at("/runs/1/displayName")
                        .asText())
                .isEqualTo("system");
        String main = html("");
        assertThat(main)
                .contains("unit</a>: passed, 1 file, 12.5 s on 2 slots", "system</a>: failed, 1 file, 1 failed");
        assertThat(main).contains("distributed-tests/run/run-2/#file-b.rb");
    }

    @Test
    void aBuildWithoutARunYetSaysSo() throws Exception {
        DistributedTestAction.of(build);
        assertThat(html(PAGE)).contains("No distributed run has started in this build yet.");
        assertThat(html("")).doesNotContain("getting ready");
    }

    @Test
    void dataOfAnEndedRunIsTheFileAsItWasPacked() throws Exception {
        finished("run-1", "", passed("a.rb"), failed("b.rb"));
        HttpResponse<byte[]> packed = get(PAGE + "run/run-1/data", "Accept-Encoding", "gzip");
        assertThat(packed.headers().allValues("Content-Encoding")).containsExactly("gzip");
        assertThat(packed.headers().firstValue("Vary").orElse("")).contains("Accept-Encoding");
        assertThat(packed.body())
                .isEqualTo(
                        Files.readAllBytes(build.getRootDir().toPath().resolve("distributed-test/run-1.page.json.gz")));
        JsonNode plain = json(PAGE + "run/run-1/data");
        assertThat(plain.get("state").textValue()).isEqualTo("finished");
        assertThat(plain.at("/report/totals/failed").intValue()).isEqualTo(1);
        JsonNode report = json(PAGE + "run/run-1/report.json", "Accept-Encoding", "gzip");
        assertThat(report.at("/files/1/attempts/0/cases/0/failure/message").textValue())
                .isEqualTo("expected <b>3</b>");
        assertThat(JsonReport.read(new ByteArrayInputStream(report.toString().getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(run("run-1", RunEnd.COMPLETED, passed("a.rb"), failed("b.rb")));
    }

    @Test
    void aRunThatGoesOnIsToldLive() throws Exception {
        DistributedTestAction action = DistributedTestAction.of(build);
        action.started("run-1", "unit", "3");
        assertThat(json(PAGE + "run/run-1/data").get("state").textValue()).isEqualTo("lost");
        assertThat(get(PAGE + "run/run-1/report.json").statusCode()).isEqualTo(404);
        LiveRuns.register("run-1", () -> run("run-1", RunEnd.RUNNING, passed("a.rb")));
        JsonNode live = json(PAGE + "run/run-1/data", "Accept-Encoding", "gzip");
        assertThat(live.get("state").textValue()).isEqualTo("live");
        JsonNode again =
                json(PAGE + "run/run-1/data?cursor=" + live.get("cursor").textValue());
        assertThat(again.get("partial").booleanValue()).isTrue();
        assertThat(again.at("/report/files")).isEmpty();
        assertThat(json(PAGE + "run/run-1/report.json").get("end").textValue()).isEqualTo("running");
        assertThat(json(PAGE + "api/json").at("/runs/0/state").textValue()).isEqualTo("live");
        action.finished("run-1", run("run-1", RunEnd.COMPLETED, passed("a.rb")));
        LiveRuns.unregister("run-1");
        assertThat(json(PAGE + "run/run-1/data").get("state").textValue()).isEqualTo("finished");
    }

    @Test
    void aRunOfABuildThatGoesOnIsWaitedFor() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "slow");
        job.setDefinition(new CpsFlowDefinition("sleep 600", true));
        build = job.scheduleBuild2(0).waitForStart();
        DistributedTestAction.of(build).started("run-1", "", "");
        assertThat(json(PAGE + "run/run-1/data").get("state").textValue()).isEqualTo("waiting");
        assertThat(html("")).contains("getting ready");
        build.doStop();
        jenkins.waitForCompletion(build);
        assertThat(json(PAGE + "run/run-1/data").get("state").textValue()).isEqualTo("lost");
    }

    @Test
    void theRestApiHasTotalsAndFailures() throws Exception {
        finished("run-1", "unit", passed("a.rb"), failed("b.rb"));
        finished("run-2", "system", passed("c.rb"));
        JsonNode all = json(PAGE + "api/json");
        assertThat(all.at("/totals/files").intValue()).isEqualTo(3);
        assertThat(all.at("/totals/failed").intValue()).isEqualTo(1);
        JsonNode first = all.at("/runs/0");
        assertThat(first.get("id").textValue()).isEqualTo("run-1");
        assertThat(first.get("title").textValue()).isEqualTo("unit");
        assertThat(first.get("flowNodeId").textValue()).isEqualTo("7");
        assertThat(first.get("state").textValue()).isEqualTo("finished");
        assertThat(first.get("end").textValue()).isEqualTo("completed");
        assertThat(first.get("green").booleanValue()).isFalse();
        assertThat(first.get("wallSeconds").doubleValue()).isEqualTo(12.5);
        assertThat(first.get("slots").intValue()).isEqualTo(2);
        assertThat(first.get("startedAt").textValue()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(first.at("/totals/casesFailed").intValue()).isEqualTo(1);
        assertThat(first.at("/failures/0/file").textValue()).isEqualTo("b.rb");
        assertThat(first.at("/failures/0/message").textValue()).isEqualTo("expected <b>3</b>");
        assertThat(first.at("/failures/0/test").textValue()).isEqualTo("subtracts");
        assertThat(all.at("/runs/1/green").booleanValue()).isTrue();
        assertThat(json(PAGE + "run/run-1/api/json").at("/failures/0/host").textValue())
                .isEqualTo("ci-1");
        // As the list of runs asks for it.
        JsonNode listed = json(PAGE + "api/json?tree=runs%5Bid,title,url,state,totals%5B*%5D%5D")
                .at("/runs/1");
        assertThat(listed.at("/totals/passed").intValue()).isEqualTo(1);
        assertThat(listed.get("url").textValue()).isEqualTo("run/run-2/");
        assertThat(listed.has("failures")).isFalse();
        assertThat(html(PAGE + "api/")).contains("REST API");
        // In the build's own answer are the totals, not each failure.
        String ofBuild = json("api/json").toString();
        assertThat(ofBuild).contains("\"totals\":{").contains("\"failed\":1").doesNotContain("subtracts");
    }

    @Test
    void onlyWhoMayReadTheJobSeesIt() throws Exception {
        finished("run-1", "", failed("b.rb"));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.DISCOVER)
                .everywhere()
                .to("guesser")
                .grant(Item.READ)
                .everywhere()
                .to("reader"));
        for (String path : List.of(
                "", "api/json", "run/run-1/", "run/run-1/data", "run/run-1/report.json", "run/run-1/api/json")) {
            assertThat(status(path, "reader")).as(path).isEqualTo(200);
            assertThat(status(path, "stranger")).as(path).isIn(403, 404);
            assertThat(status(path, "guesser")).as(path).isIn(403, 404);
        }
    }

    private int status(String path, String user) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.setJavaScriptEnabled(false);
        client.withBasicApiToken(user);
        return client.getPage(uri(PAGE + path).toURL()).getWebResponse().getStatusCode();
    }

    @Test
    void theBuildsOwnFileHoldsNothingButNames() throws Exception {
        finished("run-1", "unit", passed("secret_path.rb"), failed("b.rb"));
        String xml = Files.readString(build.getRootDir().toPath().resolve("build.xml"));
        assertThat(xml).contains("run-1", "unit").doesNotContain("secret_path", "subtracts", "ci-1", "3f2a77c0");
        Path data = build.getRootDir().toPath().resolve("distributed-test");
        assertThat(data.resolve("run-1.json")).isRegularFile();

        build.reload();
        DistributedTestAction loaded = build.getAction(DistributedTestAction.class);
        assertThat(loaded.getRuns()).singleElement().satisfies(run -> {
            assertThat(run.getId()).isEqualTo("run-1");
            assertThat(run.getState()).isEqualTo("finished");
            assertThat(run.getTotals().getFailed()).isEqualTo(1);
        });
        assertThat(loaded.urlOf("run-1", "b c.rb"))
                .isEqualTo("/" + build.getUrl() + "distributed-tests/run/run-1/#file-b%20c.rb");
        build.delete();
        assertThat(data).doesNotExist();
    }

    @Test
    void worksInAnyKindOfBuild() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject("free");
        FreeStyleBuild free = jenkins.buildAndAssertSuccess(project);
        DistributedTestAction action = DistributedTestAction.of(free);
        action.started("run-1", null, null);
        action.finished("run-1", run("run-1", RunEnd.COMPLETED, passed("a.rb")));
        JenkinsRule.WebClient client = jenkins.createWebClient();
        client.setJavaScriptEnabled(false);
        assertThat(client.getPage(free, PAGE).getWebResponse().getContentAsString())
                .contains("data-dt-run");
    }

    @Test
    void aBuildGetsOnePageHoweverManyAskForIt() throws Exception {
        int many = 16;
        ExecutorService threads = Executors.newFixedThreadPool(many);
        try {
            CyclicBarrier together = new CyclicBarrier(many);
            List<Callable<DistributedTestAction>> work = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                String id = "r" + i % 4;
                work.add(() -> {
                    together.await();
                    DistributedTestAction action = DistributedTestAction.of((Run<?, ?>) build);
                    action.started(id, "", "");
                    return action;
                });
            }
            for (Future<DistributedTestAction> each : threads.invokeAll(work)) {
                assertThat(each.get()).isSameAs(DistributedTestAction.of(build));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(build.getActions(DistributedTestAction.class)).hasSize(1);
        assertThat(DistributedTestAction.of(build).getRuns())
                .extracting(RunPage::getId)
                .containsExactlyInAnyOrder("r0", "r1", "r2", "r3");
    }

    @Test
    void aReportOfAnotherRunIsRefused() throws Exception {
        DistributedTestAction action = DistributedTestAction.of(build);
        action.started("run-1", "", "");
        assertThatThrownBy(() -> action.finished("run-1", run("run-2", RunEnd.COMPLETED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run-2");
        assertThatThrownBy(() -> action.finished("run-2", run("run-2", RunEnd.COMPLETED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not started");
        assertThatThrownBy(() -> action.started("../x", "", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
