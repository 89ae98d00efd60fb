package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The property of jobs where no Gearman server is configured. */
@WithJenkins
class ServeToZuulTest {
    @Test
    void aJobThatHasItKeepsItWhenItIsSaved(JenkinsRule jenkins) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("served");
        ServeToZuul property = new ServeToZuul();
        property.setLabel("linux");
        job.addProperty(property);

        jenkins.configRoundtrip(job);
        assertThat(job.getProperty(ServeToZuul.class))
                .isNotNull()
                .extracting(ServeToZuul::getLabel)
                .isEqualTo("linux");

        FreeStyleProject other = jenkins.createFreeStyleProject("other");
        assertThat(jenkins.createWebClient().getPage(other, "configure").asNormalizedText())
                .doesNotContain("Serve to Zuul");
        jenkins.configRoundtrip(other);
        assertThat(other.getProperty(ServeToZuul.class)).isNull();
    }
}
