package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.config.Configuration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepOptionsTest {
    @Test
    void entriesBecomeMembersOfMaps() throws Exception {
        Configuration configuration = Configuration.empty();
        new StepOptions()
                .texts("environment", "environment", List.of("A=b=c", "B="))
                .commands("interpreters", "runners.interpreters", List.of("ruby=bundle exec 'my ruby'"))
                .commands("callbacks", "job.callbacks.commands", List.of("after_sync=bin/setup \"a\\\\b\""))
                .applyOver(configuration);
        assertThat(configuration.textMap("environment"))
                .containsEntry("A", "b=c")
                .containsEntry("B", "");
        assertThat(configuration.listMap("runners.interpreters").get("ruby"))
                .containsExactly("bundle", "exec", "my ruby");
        assertThat(configuration.listMap("job.callbacks.commands").get("after_sync"))
                .containsExactly("bin/setup", "a\\b");
    }

    @Test
    void nothingSaidSetsNothing() throws Exception {
        Configuration configuration = Configuration.empty();
        new StepOptions()
                .text("project", "project", null)
                .text("project", "project", "")
                .list("files", "files", List.of())
                .texts("environment", "environment", null)
                .applyOver(configuration);
        assertThat(configuration.isSet("project")).isFalse();
        assertThat(configuration.isSet("files")).isFalse();
        assertThat(configuration.isSet("environment")).isFalse();
    }

    @Test
    void whatIsLaidUnderLeavesAloneWhatIsSet() throws Exception {
        Configuration configuration = Configuration.empty();
        new StepOptions()
                .texts("runners", "runners.files", List.of("a/*=command"))
                .applyOver(configuration);
        new StepOptions()
                .texts("runner", "runners.files", List.of("**/*=node"))
                .text("retries", "retries", 3)
                .applyUnder(configuration);
        assertThat(configuration.textMap("runners.files")).containsOnlyKeys("a/*");
        assertThat(configuration.number("retries")).isEqualTo(3);
    }

    @Test
    void anEntryWithoutANameOrWithAnOpenQuoteIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> new StepOptions().texts("environment", "environment", List.of("x")))
                .hasMessageContaining("environment takes entries NAME=VALUE")
                .hasMessageEndingWith("x");
        assertThatThrownBy(() -> new StepOptions().commands("args", "runners.args", List.of("rspec='a")))
                .hasMessageContaining("args: a quote is not closed");
    }

    @Test
    void aFormIsToldWhatIsWrongInTheEnginesWords() {
        assertThat(OptionCheck.fault("fileTimeout", "file_timeout", "10m")).isNull();
        assertThat(OptionCheck.fault("fileTimeout", "file_timeout", "soon")).contains("must be a duration");
        assertThat(OptionCheck.fault("retries", "retries", "-1")).contains("whole number");
        assertThat(OptionCheck.faultOfEntries("runners", List.of("a/*=nosuch"))).contains("names no runner");
        assertThat(OptionCheck.faultOfEntries("runners", List.of("a/*=command")))
                .isNull();
        assertThat(OptionCheck.faultOfEntries("callbacks", List.of("after_snc=x")))
                .contains("after_sync");
        assertThat(OptionCheck.faultOfEntries("environment", List.of("=x"))).contains("NAME=VALUE");
    }
}
