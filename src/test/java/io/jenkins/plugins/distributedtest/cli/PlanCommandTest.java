package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code distributed-test plan}, by its command line. */
class PlanCommandTest {
    @TempDir
    Path project;

    @BeforeEach
    void makeProject() throws IOException {
        Files.createDirectories(project.resolve("t"));
        for (int i = 0; i < 8; i++) {
            Files.writeString(project.resolve("t/f" + i + ".sh"), "x".repeat(100));
        }
        Files.writeString(
                project.resolve("distributed-test.json"),
                "{\"files\": [\"t/*.sh\"], \"runners\": {\"files\": {\"**\": \"command\"}, \"command\": [\"sh\", \"{file}\"]}}");
    }

    private void record(String json) throws IOException {
        Files.createDirectories(project.resolve(".distributed-test"));
        Files.writeString(project.resolve(".distributed-test/runtimes.json"), json);
    }

    private CommandCall plan(String... more) {
        List<String> all = new ArrayList<>(List.of("plan", "-C", project.toString()));
        all.addAll(List.of(more));
        return CommandCall.of(all.toArray(String[]::new));
    }

    @Test
    void tellsTheExpectedTimeTheBoundAndWhatSetsIt() throws Exception {
        record("{\"t/f0.sh\": 6, \"t/f1.sh\": 1, \"t/f2.sh\": 1, \"t/f3.sh\": 1, \"t/f4.sh\": 1, \"t/f5.sh\": 1,"
                + " \"t/f6.sh\": 1, \"other\": 500}");

        CommandCall call = plan("--slots", "2,4,8");

        assertThat(call.exitCode()).as(call.output()).isEqualTo(ExitCode.OK);
        assertThat(call.output())
                .contains("8 files, 13.0 s of tests; 7 with a recorded time, 1 judged by size")
                .containsPattern(" 2 +7.00 s +6.50 s +all files together")
                .containsPattern(" 4 +6.00 s +6.00 s +t/f0.sh; split, 3.25 s at best")
                .containsPattern(" 8 +6.00 s +6.00 s +t/f0.sh; split, 1.63 s at best")
                .containsPattern("1.00 s +t/f7.sh \\(not recorded\\)");
    }

    @Test
    void filesOfAGroupTakeAsLongAsAllOfThemTogether() throws Exception {
        record("{\"t/f0.sh\": 3, \"t/f1.sh\": 3, \"t/f2.sh\": 3, \"t/f3.sh\": 1, \"t/f4.sh\": 1, \"t/f5.sh\": 1,"
                + " \"t/f6.sh\": 1, \"t/f7.sh\": 1}");

        CommandCall call = plan("--slots", "1,2,4", "--set", "groups.database=[\"t/f0.sh\",\"t/f1.sh\",\"t/f2.sh\"]");

        assertThat(call.output())
                .containsPattern(" 1 +14.0 s +14.0 s +all files together")
                .containsPattern(" 2 +9.00 s +9.00 s +group database, whose files run one at a time")
                .containsPattern(" 4 +9.00 s +9.00 s +group database");
    }

    @Test
    void aNewFileIsJudgedByItsSize() throws Exception {
        record("{\"t/f0.sh\": 1, \"t/f1.sh\": 1, \"t/f2.sh\": 1, \"t/f3.sh\": 1, \"t/f4.sh\": 1, \"t/f5.sh\": 1,"
                + " \"t/f6.sh\": 1}");
        Files.writeString(project.resolve("t/f7.sh"), "x".repeat(300));

        assertThat(plan().output()).containsPattern("3.00 s +t/f7.sh \\(not recorded\\)");
    }

    @Test
    void takesOtherFilesAndOtherRecords() throws Exception {
        Path records = Files.writeString(project.resolve("elsewhere.json"), "{\"t/f1.sh\": 2, \"t/f2.sh\": 2}");

        CommandCall call = plan("--runtimes", records.toString(), "t/f1.sh", "t/f2.sh");

        assertThat(call.exitCode()).as(call.output()).isEqualTo(ExitCode.OK);
        assertThat(call.output()).contains("2 files, 4.00 s of tests; 2 with a recorded time");
    }

    @Test
    void warnsOfATemplateWhoseToolTakesAPathForAPattern() throws Exception {
        record("{\"t/f0.sh\": 6}");
        String json = Files.readString(project.resolve("distributed-test.json"));
        Path file = project.resolve("distributed-test.json");
        Files.writeString(file, json.replace("\"sh\", \"{file}\"", "\"npx\", \"jest\", \"{file}\""));
        assertThat(plan().output()).contains("Warning: The template runners.command", "jest", "Write {regex}");
        Files.writeString(file, json.replace("\"sh\", \"{file}\"", "\"npx\", \"jest\", \"{regex}\""));
        assertThat(plan().output()).doesNotContain("Warning");
    }

    @Test
    void withoutRecordsItSaysWhatToDo() throws Exception {
        CommandCall none = plan();
        assertThat(none.exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(none.output()).contains("runtimes.json", "Run the suite once");

        record("{\"t/f0.sh\": \"long\"}");
        assertThat(plan().exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(plan().output()).contains("t/f0.sh");
    }

    @Test
    void refusesWhatIsNoNumberOfSlots() throws Exception {
        record("{\"t/f0.sh\": 1}");
        assertThat(plan("--slots", "0").output()).contains("--slots", "0");
        assertThat(plan("--slots", "0").exitCode()).isEqualTo(ExitCode.ERROR);
        assertThat(plan("--slots", "4,many").exitCode()).isEqualTo(ExitCode.ERROR);
    }
}
