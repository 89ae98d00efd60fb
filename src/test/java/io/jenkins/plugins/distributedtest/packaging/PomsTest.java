package io.jenkins.plugins.distributedtest.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.packaging.Poms.Dependency;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two poms build the same plugin, so they say the same. */
class PomsTest {
    private Poms poms;

    @BeforeEach
    void read() throws Exception {
        poms = Poms.read();
    }

    @ParameterizedTest
    @ValueSource(strings = {"groupId", "artifactId", "version", "name", "description", "url", "licenses"})
    void theyCallThePluginTheSame(String element) {
        assertThat(poms.jenkins().text(element))
                .isNotEmpty()
                .isEqualTo(poms.here().text(element));
    }

    @Test
    void theyShareVersions() {
        Map<String, String> shared = new HashMap<>(poms.here().properties());
        shared.keySet().retainAll(poms.jenkins().properties().keySet());
        assertThat(shared).containsKeys("jenkins.version", "amqp-client.version", "credentials.version");
        assertThat(poms.jenkins().properties()).containsAllEntriesOf(shared);
    }

    @Test
    void everyVersionOfADependencyIsPinnedButThatOfJunitWhichTheParentHas() {
        assertThat(poms.jenkins().dependencies())
                .filteredOn(each -> !each.group().startsWith("org.junit"))
                .allSatisfy(each -> assertThat(each.version())
                        .as(each.artifact())
                        .doesNotContain("$")
                        .isNotEmpty());
    }

    @Test
    void librariesThatBothNameHaveTheSameVersion() {
        Map<String, String> here = libraries(poms.here().dependencies());
        Map<String, String> jenkins = libraries(poms.jenkins().dependencies());
        assertThat(here).containsAllEntriesOf(jenkins);
        assertThat(jenkins).containsKeys("amqp-client", "gearman-java", "micrometer-core");
    }

    private static Map<String, String> libraries(List<Dependency> dependencies) {
        return dependencies.stream()
                .filter(each -> !each.isPlugin() && !each.group().startsWith("org.junit"))
                .collect(Collectors.toMap(Dependency::artifact, Dependency::version));
    }

    @Test
    void theyNeedTheSamePlugins() {
        String here = poms.here().replaced("${plugin.dependencies},${plugin.dependencies.optional}");
        assertThat(here.split(","))
                .containsExactlyInAnyOrderElementsOf(poms.jenkins().pluginDependencies());
    }

    @Test
    void theDocumentationListsThePluginsThatAreNeeded() throws Exception {
        String page = Files.readString(Path.of("docs", "jenkins.md"));
        int from = page.indexOf("## Install it");
        String section = page.substring(from, page.indexOf("\n## ", from + 1));
        List<String> listed = Pattern.compile("(?m)^\\| [^|]+ \\| `([a-z0-9-]+)` \\|$")
                .matcher(section)
                .results()
                .map(each -> each.group(1))
                .toList();
        List<String> needed = poms.jenkins().pluginDependencies().stream()
                .filter(each -> !each.contains("resolution:=optional"))
                .map(each -> each.substring(0, each.indexOf(':')))
                .toList();
        assertThat(needed).isNotEmpty();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(needed);
    }

    @Test
    void theyBuildWithTheVersionsThatGoTogether() {
        assertThat(poms.jenkins().properties())
                .containsEntry("jenkins.version", "2.528.3")
                .containsEntry("jenkins-test-harness.version", "2519.v4ee63f85da_71")
                .containsEntry("workflow-step-api.version", "710.v3e456cc85233")
                .containsEntry("structs.version", "362.va_b_695ef4fdf9")
                .containsEntry("workflow-api.version", "1384.vdc05a_48f535f")
                .containsEntry("workflow-support.version", "1010.vb_b_39488a_9841")
                .containsEntry("workflow-job.version", "1559.va_a_533730b_ea_d")
                .containsEntry("workflow-cps.version", "4238.va_6fb_65c1f699")
                .containsEntry("workflow-basic-steps.version", "1098.v808b_fd7f8cf4")
                .containsEntry("workflow-durable-task-step.version", "1464.v2d3f5c68f84c")
                .containsEntry("durable-task.version", "639.vefb_3d8372f6d")
                .containsEntry("credentials.version", "1453.v9b_a_29777a_b_fd")
                .containsEntry("plain-credentials.version", "199.v9f8e1f741799")
                .containsEntry("junit-plugin.version", "1369.v15da_00283f06")
                .containsEntry("checks-api.version", "373.vfe7645102093")
                .containsEntry("jackson2-api.version", "2.20.1-423.v13951f6b_6532")
                .containsEntry("configuration-as-code.version", "2006.v001a_2ca_6b_574");
    }

    @Test
    void jacksonIsTheOneThatJenkinsHas() {
        String plugin = poms.jenkins().properties().get("jackson2-api.version");
        assertThat(plugin).startsWith(poms.here().properties().get("jackson.version") + "-");
    }
}
