package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.AbstractProject;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.FormValidation;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;

/** The form of {@code distributedTestListener}. */
@WithJenkins
class ListenerStepFormTest {
    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    private static DistributedTestListenerStep full() {
        DistributedTestListenerStep step = new DistributedTestListenerStep();
        step.setRun("specs");
        step.setSlots(2);
        step.setSync("none");
        step.setJava("/opt/java/bin/java");
        return step;
    }

    /** Somewhere to have the step's form. */
    public static final class StepHolder extends Builder {
        private final DistributedTestListenerStep step;

        @DataBoundConstructor
        public StepHolder(DistributedTestListenerStep step) {
            this.step = step;
        }

        public DistributedTestListenerStep getStep() {
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

    private DistributedTestListenerStep roundTrip(DistributedTestListenerStep step) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new StepHolder(step));
        jenkins.configRoundtrip((Item) project);
        return project.getBuildersList().get(StepHolder.class).getStep();
    }

    @Test
    void everyOptionGoesThroughTheFormAndComesBack() throws Exception {
        jenkins.assertEqualDataBoundBeans(full(), roundTrip(full()));
        DistributedTestListenerStep bare = new DistributedTestListenerStep();
        DistributedTestListenerStep back = roundTrip(bare);
        jenkins.assertEqualDataBoundBeans(bare, back);
        assertThat(back.getRun()).isNull();
        assertThat(back.getSync()).isNull();
        assertThat(back.getJava()).isNull();
    }

    @Test
    void theSnippetGeneratorWritesWhatWasChosen() throws Exception {
        SnippetizerTester tester = new SnippetizerTester(jenkins);
        tester.assertRoundTrip(new DistributedTestListenerStep(), "distributedTestListener()");
        tester.assertRoundTrip(
                full(), "distributedTestListener java: '/opt/java/bin/java', run: 'specs', slots: 2, sync: 'none'");
        DistributedTestListenerStep some = new DistributedTestListenerStep();
        some.setSlots(4);
        some.setSync("none");
        tester.assertRoundTrip(some, "distributedTestListener slots: 4, sync: 'none'");
    }

    @Test
    void badInputIsToldWhileTyping() {
        DistributedTestListenerStep.DescriptorImpl form = (DistributedTestListenerStep.DescriptorImpl)
                jenkins.jenkins.getDescriptorOrDie(DistributedTestListenerStep.class);
        assertThat(form.doCheckSlots(null, "many").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(form.doCheckSlots(null, "4").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckSlots(null, "").kind).isEqualTo(FormValidation.Kind.OK);
    }

    @Test
    void everyOptionHasAHelpPage() {
        assertThat(new DescribableModel<>(DistributedTestListenerStep.class).getParameters())
                .hasSize(4)
                .allSatisfy(parameter -> assertThat(DistributedTestListenerStep.class.getResource(
                                "DistributedTestListenerStep/help-" + parameter.getName() + ".html"))
                        .as(parameter.getName())
                        .isNotNull());
    }
}
