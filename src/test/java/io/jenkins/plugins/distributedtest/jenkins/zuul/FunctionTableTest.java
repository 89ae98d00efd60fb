package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FunctionTableTest {
    private static JenkinsJob job(String fullName, String... atoms) {
        return new JenkinsJob(fullName, String.join("&&", atoms), Set.of(atoms), false, false);
    }

    @Test
    void servesJobsByTheirFullNamesAndEachOfTheirLabels() {
        FunctionTable table = FunctionTable.of(List.of(job("team/app", "precise", "x86"), job("app")), NameScheme.FULL);
        assertThat(table.names()).containsExactly("app", "team/app", "team/app:precise", "team/app:x86");
        assertThat(table.target("team/app", "x86").job().fullName()).isEqualTo("team/app");
        assertThat(table.target("team/app", "x86").placement()).isEqualTo(new Placement("precise&&x86", "x86", false));
        assertThat(table.target("app", "x86")).isNull();
        assertThat(table.target("App", null)).isNull();
        assertThat(table.problems()).isEmpty();
    }

    @Test
    void aNameWithAColonMeansWhatIsRegistered() {
        FunctionTable table = FunctionTable.of(List.of(job("a:b"), job("c", "d")), NameScheme.FULL);
        assertThat(table.target("a:b", null).label()).isNull();
        // Zuul's parameters did not name the label, so it is still in the name.
        assertThat(table.target("c:d", null).label()).isEqualTo("d");
    }

    @Test
    void twoMeaningsOfOneNameAreOneAndAProblem() {
        FunctionTable table = FunctionTable.of(List.of(job("a:b"), job("a", "b")), NameScheme.FULL);
        assertThat(table.names()).containsExactly("a", "a:b");
        assertThat(table.problems()).singleElement().asString().contains("'a:b'");
    }

    @Test
    void shortNamesBelongToTheTopAndToWhoeverIsAlone() {
        List<JenkinsJob> jobs = List.of(
                job("one/app"), job("two/app"), job("app"), job("one/lib"), job("two/lib"), job("three/deep/tool"));
        FunctionTable table = FunctionTable.of(jobs, NameScheme.SHORT);
        assertThat(table.names()).containsExactlyInAnyOrder("app", "one/app", "two/app", "one/lib", "two/lib", "tool");
        assertThat(table.target("app", null).job().fullName()).isEqualTo("app");
        assertThat(table.target("tool", null).job().fullName()).isEqualTo("three/deep/tool");
        assertThat(table.problems()).hasSize(2).allMatch(problem -> problem.contains("share the name"));
    }

    @Test
    void theOrderOfTheJobsDoesNotMatter() {
        List<JenkinsJob> jobs = IntStream.range(0, 500)
                .mapToObj(i -> job("folder-" + i % 7 + "/job-" + i % 90, "l" + i % 3))
                .toList();
        List<JenkinsJob> turned = new java.util.ArrayList<>(jobs);
        java.util.Collections.shuffle(turned, new java.util.Random(1));
        FunctionTable table = FunctionTable.of(jobs, NameScheme.SHORT);
        assertThat(FunctionTable.of(turned, NameScheme.SHORT).names()).containsExactlyElementsOf(table.names());
    }

    @Test
    void choosesJobs() {
        Pattern pattern = Pattern.compile("team/(gate|check)-.*");
        assertThat(JobChoice.ALL.chooses("x", false, "", null)).isTrue();
        assertThat(JobChoice.FOLDER.chooses("team/x", false, "team", null)).isTrue();
        assertThat(JobChoice.FOLDER.chooses("team-b/x", false, "team", null)).isFalse();
        assertThat(JobChoice.FOLDER.chooses("x", false, "", null)).isFalse();
        assertThat(JobChoice.PATTERN.chooses("team/gate-nova", false, "", pattern))
                .isTrue();
        assertThat(JobChoice.PATTERN.chooses("my/team/gate-nova", false, "", pattern))
                .isFalse();
        assertThat(JobChoice.PATTERN.chooses("x", false, "", null)).isFalse();
        assertThat(JobChoice.PROPERTY.chooses("x", false, "", null)).isFalse();
        assertThat(JobChoice.PROPERTY.chooses("x", true, "", null)).isTrue();
    }
}
