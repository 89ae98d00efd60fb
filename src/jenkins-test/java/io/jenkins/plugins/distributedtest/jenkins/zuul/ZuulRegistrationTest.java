package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Computer;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Label;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What is registered for Zuul, and what the status page shows of it. */
@WithJenkins
class ZuulRegistrationTest extends ZuulServingFixture {
    @Test
    void registersByDifferenceUnderFullNames() throws Exception {
        FreeStyleProject top = rule.createFreeStyleProject("app");
        MockFolder folder = rule.createFolder("team");
        folder.createProject(FreeStyleProject.class, "app");
        MockFolder inner = folder.createProject(MockFolder.class, "deep");
        WorkflowJob pipeline = inner.createProject(WorkflowJob.class, "pipe");
        world.serve(world.entry());
        world.awaitJobs("app", "team/app", "team/deep/pipe");

        top.disable();
        world.awaitJobs("team/app", "team/deep/pipe");
        top.enable();
        top.renameTo("renamed");
        world.awaitJobs("renamed", "team/app", "team/deep/pipe");
        pipeline.delete();
        world.awaitJobs("renamed", "team/app");
        folder.renameTo("crew");
        world.awaitJobs("crew/app", "renamed");
        rule.createFreeStyleProject("new");
        world.awaitJobs("crew/app", "new", "renamed");

        GearmanServerEntry inFolder = world.entry();
        inFolder.setJobs(JobChoice.FOLDER);
        inFolder.setFolder("crew");
        inFolder.setNames(NameScheme.SHORT);
        world.serve(inFolder);
        world.awaitJobs("app");
        GearmanServerEntry marked = world.entry();
        marked.setJobs(JobChoice.PROPERTY);
        world.serve(marked);
        world.awaitJobs();
        top.addProperty(new ServeToZuul());
        world.awaitJobs("renamed");
        world.serve();
        world.awaitJobs();
    }

    @Test
    void registersTheLabelsThatSomeNodeHas() throws Exception {
        FreeStyleProject job = shell("app", "true");
        job.setAssignedLabel(Label.get("precise&&x86"));
        world.serve(world.entry());
        world.awaitJobs("app");

        DumbSlave node = rule.createSlave("node-1", "precise x86 big", null);
        world.awaitJobs("app", "app:precise", "app:x86");
        rule.waitOnline(node);
        Submitted build = world.build("app:precise", Map.of("ZUUL_NODE", "precise"));
        assertThat(world.result(build)).isEqualTo("SUCCESS");
        JsonNode last = ZuulWorld.last(build);
        assertThat(last.path("node_name").asText()).isEqualTo("node-1");
        assertThat(last.path("node_labels").toString()).contains("precise", "x86", "big");

        rule.jenkins.removeNode(node);
        world.awaitJobs("app");
    }

    @Test
    void aSaveByAUserOfFewPermissionsUnregistersNothing() throws Exception {
        FreeStyleProject secret = rule.createFreeStyleProject("secret");
        FreeStyleProject open = rule.createFreeStyleProject("open");
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("limited")
                .grant(Item.READ, Item.CONFIGURE)
                .onItems(open)
                .to("limited"));
        world.serve(world.entry());
        world.awaitJobs("open", "secret");
        try (ACLContext limited =
                ACL.as2(User.getOrCreateByIdOrFullName("limited").impersonate2())) {
            assertThat(rule.jenkins.getItem("secret")).isNull();
            open.setDescription("saved by somebody who sees little");
            open.renameTo("open-2");
        }
        world.awaitJobs("open-2", "secret");
        assertThat(secret.isBuildable()).isTrue();
    }

    @Test
    void showsHowItGoes() throws Exception {
        FreeStyleProject job = shell("app", "true");
        world.serve(world.entry());
        world.awaitJobs("app");
        assertThat(world.result(world.build("app"))).isEqualTo("SUCCESS");
        String page = rule.createWebClient().goTo("manage/gearman-servers/").asNormalizedText();
        assertThat(page)
                .contains("127.0.0.1:" + world.port)
                .contains("Connected since")
                .contains("Jobs served at 127.0.0.1:" + world.port)
                .doesNotContain("not connected");
        assertThat(rule.createWebClient()
                        .goTo("manage/gearman-servers/")
                        .getWebResponse()
                        .getContentAsString())
                .contains("<li>app</li>");
        assertThat(ZuulService.get().status()).singleElement().satisfies(status -> {
            assertThat(status.isConnected()).isTrue();
            assertThat(status.getFunctions()).isEqualTo(1);
            assertThat(status.getTaken()).isEqualTo(1);
        });
        assertThat(job.getLastBuild().getResult()).isEqualTo(Result.SUCCESS);
        Computer computer = rule.jenkins.toComputer();
        assertThat(computer.isOffline()).isFalse();
        // On the page of the build, with a space between the change and its branch.
        JenkinsRule.WebClient client = rule.createWebClient();
        client.setJavaScriptEnabled(false);
        assertThat(client.getPage(job.getLastBuild()).asNormalizedText()).contains("Change: 123456,2 for master");

        world.server.close();
        await().atMost(ZuulWorld.LONG)
                .untilAsserted(() -> assertThat(ZuulService.get().status())
                        .singleElement()
                        .satisfies(status -> {
                            assertThat(status.isConnected()).isFalse();
                            assertThat(status.getFunctions())
                                    .as("functions at a server that is away")
                                    .isZero();
                            assertThat(status.getLastError()).matches("(?s)20..-..-..T..:..:..Z .+");
                        }));
        assertThat(rule.createWebClient().goTo("manage/gearman-servers/").asNormalizedText())
                .contains("not connected", "Jobs served at");
    }
}
