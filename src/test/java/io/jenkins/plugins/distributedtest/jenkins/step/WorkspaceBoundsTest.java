package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceBoundsTest {
    @TempDir
    Path directory;

    private Path workspace;
    private Path step;

    @BeforeEach
    void makeAWorkspace() throws IOException {
        workspace = directory.resolve("workspace");
        step = Files.createDirectories(workspace.resolve("sub"));
    }

    private void hold(String path) throws Exception {
        String resolved = step.resolve(path).toString();
        WorkspaceBounds.of(step, workspace.toString()).hold(new ReportTargets(null, null, resolved));
    }

    @Test
    void whatLiesInTheWorkspaceMayBeWritten() {
        assertThatCode(() -> hold("out.json")).doesNotThrowAnyException();
        assertThatCode(() -> hold("not/there/yet/out.json")).doesNotThrowAnyException();
        assertThatCode(() -> hold("../out.json")).doesNotThrowAnyException();
        assertThatCode(() -> hold(workspace.resolve("out.json").toString())).doesNotThrowAnyException();
        assertThatCode(() -> WorkspaceBounds.of(step, null).hold(new ReportTargets(null, null, null)))
                .doesNotThrowAnyException();
    }

    @Test
    void whatLiesOutsideIsRefusedByName() {
        assertThatThrownBy(() -> hold("../../out.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("json is ")
                .hasMessageContaining("outside of the workspace " + workspace);
        assertThatThrownBy(() -> hold("/etc/out.json")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> hold("new/../../../out.json")).isInstanceOf(ConfigException.class);
    }

    @Test
    void aStepThatHasLeftTheWorkspaceIsBoundToItsOwnDirectory() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        WorkspaceBounds bounds = WorkspaceBounds.of(elsewhere, workspace.toString());
        bounds.hold(new ReportTargets(elsewhere.resolve("junit.xml").toString(), null, null));
        assertThatThrownBy(() -> bounds.hold(
                        new ReportTargets(workspace.resolve("junit.xml").toString(), null, null)))
                .hasMessageContaining("resultsFile is ");
    }

    @Test
    void linksLeadNowhereElse() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createSymbolicLink(step.resolve("out"), elsewhere);
        Files.createSymbolicLink(step.resolve("later.json"), elsewhere.resolve("later.json"));
        Files.createSymbolicLink(step.resolve("within"), workspace);
        assertThatThrownBy(() -> hold("out/report.json")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> hold("later.json")).isInstanceOf(ConfigException.class);
        assertThatCode(() -> hold("within/report.json")).doesNotThrowAnyException();
    }
}
