package io.jenkins.plugins.distributedtest.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSuiteTest {
    @TempDir
    Path outside;

    private Path project;

    @BeforeEach
    void makeProject() throws Exception {
        project = Files.createDirectory(outside.resolve("project"));
        for (String path : List.of(
                "spec/b_spec.rb",
                "spec/a_spec.rb",
                "spec/deep/c_spec.rb",
                "test/d_test.rb",
                "spec/helper.rb",
                "spec/slow/e_spec.rb")) {
            Files.createDirectories(project.resolve(path).getParent());
            Files.writeString(project.resolve(path), "");
        }
    }

    private List<String> find(List<String> include, String... exclude) throws Exception {
        return paths(TestSuite.find(project, include, List.of(exclude)));
    }

    private static List<String> paths(TestSuite suite) {
        return suite.files().stream().map(TestFile::path).toList();
    }

    @Test
    void takesGlobsInOrderSortsEachAndDropsDuplicates() throws Exception {
        assertThat(find(List.of("test/*.rb", "spec/*_spec.rb", "**/*_spec.rb")))
                .containsExactly(
                        "test/d_test.rb",
                        "spec/a_spec.rb",
                        "spec/b_spec.rb",
                        "spec/deep/c_spec.rb",
                        "spec/slow/e_spec.rb");
    }

    @Test
    void anExclusionThatLeavesNothingOutIsAWarning() throws Exception {
        TestSuite suite = TestSuite.find(
                project, List.of("spec/**/*_spec.rb"), List.of("spec/slow", "slow", "spec/deep/**", "spec/b_*"));
        assertThat(paths(suite)).containsExactly("spec/a_spec.rb", "spec/slow/e_spec.rb");
        assertThat(suite.warnings())
                .containsExactly(
                        "Excluded no file: spec/slow. For all that is below this directory: spec/slow/**",
                        "Excluded no file: slow");
    }

    @Test
    void leavesOutWhatIsExcluded() throws Exception {
        assertThat(find(List.of("spec/**/*_spec.rb"), "spec/slow/**/*", "**/b_*"))
                .containsExactly("spec/a_spec.rb", "spec/deep/c_spec.rb");
    }

    @Test
    void warnsOfGlobsThatMatchNothingWhileOthersDo() throws Exception {
        TestSuite suite = TestSuite.find(project, List.of("spec/*_spec.rb", "features/**/*.rb", "test"), List.of());
        assertThat(suite.warnings())
                .containsExactly(
                        "Matched no file: features/**/*.rb", "Matched no file: test (a directory: try test/**/*)");
    }

    @Test
    void saysOfAnEmptySuiteWhichGlobsMatchedNothing() {
        assertThatThrownBy(() -> find(List.of("features/**/*.rb", "*.py")))
                .asInstanceOf(type(EmptySuiteException.class))
                .satisfies(e -> assertThat(e.globs()).containsExactly("features/**/*.rb", "*.py"))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(project.toString(), "features/**/*.rb", "*.py"));
        assertThatThrownBy(() -> find(List.of("spec/*_spec.rb"), "**/*"))
                .isInstanceOf(EmptySuiteException.class)
                .hasMessageContaining("excluded by **/*");
        assertThatThrownBy(() -> find(List.of()))
                .isInstanceOf(EmptySuiteException.class)
                .hasMessageContaining("no globs are given");
    }

    @Test
    void neverLeavesTheProject() throws Exception {
        Path secret = Files.createDirectory(outside.resolve("secret"));
        Files.writeString(secret.resolve("x_spec.rb"), "");
        Files.createSymbolicLink(project.resolve("spec/out"), secret);
        Files.createSymbolicLink(project.resolve("spec/x_spec.rb"), secret.resolve("x_spec.rb"));
        TestSuite suite = TestSuite.find(project, List.of("spec/*_spec.rb", "spec/*/*_spec.rb"), List.of());
        assertThat(paths(suite))
                .containsExactly("spec/a_spec.rb", "spec/b_spec.rb", "spec/deep/c_spec.rb", "spec/slow/e_spec.rb");
        assertThat(suite.warnings())
                .containsExactlyInAnyOrder(
                        "Left out spec/out: the link leads outside the project",
                        "Left out spec/x_spec.rb: the link leads outside the project");
        assertThatThrownBy(() -> find(List.of("../secret/*")))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("../secret/*");
    }

    @Test
    void isNotCaughtByALinkToADirectoryAbove() throws Exception {
        Files.createSymbolicLink(project.resolve("spec/loop"), project);
        assertThat(find(List.of("**/a_spec.rb"))).containsExactly("spec/a_spec.rb");
    }

    @Test
    void saysSoWhenATestFileHasANameThatCannotBeUsed() throws Exception {
        Files.writeString(project.resolve("spec/new\nline_spec.rb"), "");
        assertThatThrownBy(() -> find(List.of("spec/*_spec.rb")))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("spec/new?line_spec.rb");
    }

    @Test
    void saysSoWhenTheProjectIsMissing() {
        assertThatThrownBy(() -> TestSuite.find(outside.resolve("no"), List.of("*"), List.of()))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(outside.resolve("no").toString());
    }

    @Test
    void readsAListAndKeepsItsOrder() throws Exception {
        String list =
                "./test/d_test.rb\r\n# slow ones\n\nspec/a_spec.rb  \n" + project + "/spec/b_spec.rb\nspec/a_spec.rb";
        assertThat(paths(TestSuite.readList(project, new StringReader(list))))
                .containsExactly("test/d_test.rb", "spec/a_spec.rb", "spec/b_spec.rb");
        Path file = Files.writeString(outside.resolve("list"), list);
        assertThat(paths(TestSuite.readList(project, file))).hasSize(3);
    }

    @Test
    void namesEachListedFileThatCannotBeRun() {
        List<String> listed = List.of("spec/a_spec.rb", "spec/gone_spec.rb", "spec", "../x.rb", "/etc/passwd");
        assertThatThrownBy(() -> TestSuite.of(project, listed))
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll(
                        "spec/gone_spec.rb: no such file",
                        "spec: it is not a file",
                        "../x.rb: it is outside the project",
                        "/etc/passwd: it is outside the project")
                .hasMessageNotContaining("a_spec.rb:");
    }

    @Test
    void namesAListThatIsMissingAndRefusesAnEmptyOne() {
        Path missing = outside.resolve("list.txt");
        assertThatThrownBy(() -> TestSuite.readList(project, missing))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> TestSuite.readList(project, new StringReader("# none\n")))
                .isInstanceOf(EmptySuiteException.class);
    }
}
