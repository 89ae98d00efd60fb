package io.jenkins.plugins.distributedtest.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The configuration in a real Jenkins. */
@WithJenkins
class DistributedTestConfigurationTest {
    @Test
    void startsWithoutBrokers(JenkinsRule jenkins) {
        assertThat(DistributedTestConfiguration.get().getBrokers()).isEmpty();
        assertThat(DistributedTestConfiguration.get().brokerNames()).isEqualTo(List.of());
    }
}
