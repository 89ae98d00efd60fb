package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.AbstractProject;
import hudson.model.FreeStyleProject;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.config.Keys;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;

/** The step's form: every option can be entered, and comes back. */
@WithJenkins
class StepRoundTripTest {
    private JenkinsRule jenkins;

    @BeforeEach
    void prepare(JenkinsRule rule) {
        jenkins = rule;
    }

    private static DistributedTestStep full() {
        DistributedTestStep step = new DistributedTestStep();
        step.setFiles(List.of("spec/**/*_spec.rb", "test/**/*_test.rb"));
        step.setExclude(List.of("spec/slow/**"));
        step.setRunner("rspec");
        step.setBroker("elsewhere");
        step.setCluster("team-a");
        step.setOnFailure("FAILURE");
        step.setResultsFile("out/results.xml");
        step.setRetries(0);
        step.setFailFast(20);
        step.setLocalSlots(0);
        step.setMinimum(3);
        AgentRequest some = new AgentRequest();
        some.setLabel("linux && jdk17");
        some.setCount(12);
        some.setSlots(2);
        step.setAgents(List.of(some, new AgentRequest()));
        step.setTitle("Specs");
        step.setOnlyFailed(true);
        step.setRetryBudget(5);
        step.setFileTimeout("5m");
        step.setRunTimeout("1h");
        step.setListenerTimeout("30s");
        step.setOriginatorTimeout("10m");
        step.setHeartbeat("2s");
        step.setSilence("9s");
        step.setEnvironment(List.of("RAILS_ENV=test", "A=b c"));
        step.setSecretEnvironment(List.of("TOKEN", "PASSWORD"));
        step.setHistory("specs");
        step.setHtml("out/page.html");
        step.setJson("out/run.json");
        step.setCollect(List.of("coverage/**", "screenshots/*.png"));
        step.setCollectTo("out/collected");
        step.setMaxCollected("1 GiB");
        step.setSkipPublishing(true);
        step.setConfig("ci.json");
        step.setProject("shop");
        step.setProtocol("gorgon");
        step.setGorgonCancel("broadcast");
        step.setSync("rsync");
        step.setSyncExclude(List.of("/log", "node_modules"));
        step.setMaxContent("1 GiB");
        step.setFileServerHost("files.example.org");
        step.setFileServerPort(873);
        step.setFileServerModule("src2");
        step.setRsyncTransport("ssh");
        step.setRsyncKeyFile("/key");
        step.setSshConfig("/config");
        step.setAnyHostKey(true);
        step.setGitUrl("https://example.org/shop.git");
        step.setGitRef("main");
        step.setGitProtocols(List.of("https"));
        step.setRunners(List.of("checks/*.sh=command"));
        step.setCommand(List.of("sh", "{file}"));
        step.setInterpreters(List.of("ruby=bundle exec ruby"));
        step.setArgs(List.of("rspec=--tag ~slow"));
        step.setPreload(List.of("rspec=spec/rails_helper.rb"));
        step.setClassPath(List.of("lib/*.jar"));
        step.setClassPathCommand(List.of("mvn", "-q"));
        step.setCallbacksClassFile("callbacks.rb");
        step.setCallbacks(List.of("after_sync=bin/setup --fast"));
        return step;
    }

    /** Somewhere to have the step's form. */
    public static final class StepHolder extends Builder {
        private final DistributedTestStep step;

        @DataBoundConstructor
        public StepHolder(DistributedTestStep step) {
            this.step = step;
        }

        public DistributedTestStep getStep() {
            return step;
        }

        @TestExtension
        public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
            @Override
            public boolean isApplicable(Class<? extends AbstractProject> type) {
                return true;
            }
        }
    }

    private DistributedTestStep roundTrip(DistributedTestStep step) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new StepHolder(step));
        jenkins.configRoundtrip((hudson.model.Item) project);
        return project.getBuildersList().get(StepHolder.class).getStep();
    }

    @Test
    void everyOptionGoesThroughTheFormAndComesBack() throws Exception {
        DistributedTestStep back = roundTrip(full());
        jenkins.assertEqualDataBoundBeans(full(), back);
    }

    @Test
    void nothingGoesThroughTheFormAndComesBack() throws Exception {
        DistributedTestStep list = new DistributedTestStep();
        list.setList("list.txt");
        DistributedTestStep back = roundTrip(list);
        jenkins.assertEqualDataBoundBeans(list, back);
        assertThat(back.getFiles()).isNull();
        assertThat(back.getRetries()).isNull();
    }

    @Test
    void everyRunnerThatAConfigurationMayNameIsOfferedAndComesBack() throws Exception {
        List<String> runners = Keys.find("runners.args").members();
        ListBoxModel offered = jenkins.jenkins
                .getDescriptorByType(DistributedTestStep.DescriptorImpl.class)
                .doFillRunnerItems(null);
        assertThat(offered).extracting(option -> option.value).startsWith("").containsAll(runners);
        assertThat(offered).hasSize(1 + runners.size());

        DistributedTestStep step = new DistributedTestStep();
        step.setRunner("django");
        assertThat(roundTrip(step).getRunner()).isEqualTo("django");
    }

    @Test
    void theSnippetGeneratorWritesWhatWasChosen() throws Exception {
        SnippetizerTester tester = new SnippetizerTester(jenkins);
        tester.assertRoundTrip(new DistributedTestStep(), "distributedTest()");
        DistributedTestStep step = new DistributedTestStep();
        step.setFiles(List.of("spec/**/*_spec.rb"));
        step.setExclude(List.of("spec/slow/**"));
        step.setRunner("rspec");
        step.setBroker("ci");
        step.setCluster("team-a");
        step.setRetries(1);
        step.setFailFast(20);
        tester.assertRoundTrip(
                step,
                "distributedTest broker: 'ci', cluster: 'team-a', exclude: ['spec/slow/**'], failFast: 20,"
                        + " files: ['spec/**/*_spec.rb'], retries: 1, runner: 'rspec'");
    }

    @Test
    void theSnippetGeneratorWritesExecutorsAsAListOfMaps() throws Exception {
        DistributedTestStep step = new DistributedTestStep();
        AgentRequest some = new AgentRequest();
        some.setLabel("linux");
        some.setCount(12);
        some.setSlots(2);
        step.setAgents(List.of(some));
        new SnippetizerTester(jenkins)
                .assertRoundTrip(step, "distributedTest(agents: [[count: 12, label: 'linux', slots: 2]])");
    }

    @Test
    void everyOptionHasAHelpPage() {
        assertThat(new org.jenkinsci.plugins.structs.describable.DescribableModel<>(DistributedTestStep.class)
                        .getParameters())
                .hasSizeGreaterThan(45)
                .allSatisfy(parameter -> assertThat(DistributedTestStep.class.getResource(
                                "DistributedTestStep/help-" + parameter.getName() + ".html"))
                        .as(parameter.getName())
                        .isNotNull());
    }
}
