package io.jenkins.plugins.distributedtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the rooms of the design: who may use whom, and who may use what from outside. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.distributedtest";

    /** Everything but the two front doors. */
    private static final Set<String> ENGINE = Set.of(
            "suite", "process", "loop", "wire", "amqp", "runner", "sync", "report", "originator", "listener", "config",
            "gearman", "zuul");

    /** Each room, and the rooms that it may use. A room that does not exist yet breaks nothing. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            Map.entry("suite", Set.of()),
            Map.entry("process", Set.of()),
            Map.entry("loop", Set.of()),
            Map.entry("wire", Set.of("suite")),
            Map.entry("amqp", Set.of("loop", "wire")),
            Map.entry("runner", Set.of("suite", "process")),
            Map.entry("sync", Set.of("loop", "suite", "wire", "amqp", "process")),
            Map.entry("report", Set.of("suite")),
            Map.entry("originator", Set.of("loop", "suite", "wire", "amqp", "sync", "process")),
            Map.entry("listener", Set.of("loop", "suite", "wire", "amqp", "runner", "sync", "process")),
            Map.entry("config", Set.of("loop", "suite", "wire", "amqp", "sync", "originator", "listener")),
            Map.entry("gearman", Set.of("loop")),
            Map.entry(
                    "zuul",
                    Set.of("loop", "suite", "process", "amqp", "runner", "report", "originator", "listener", "config",
                            "gearman")),
            Map.entry("cli", ENGINE),
            Map.entry("jenkins", ENGINE));

    private static final String[] JENKINS = {
        "hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "com.cloudbees.."
    };

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    static Stream<String> rooms() {
        return ROOMS.keySet().stream().sorted();
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CODE);
    }

    private static String below(String room) {
        return ROOT + "." + room + "..";
    }

    @Test
    void everyClassHasARoom() {
        assertThat(CODE).isNotEmpty();
        check(classes().should().resideInAnyPackage(rooms().map(ArchitectureTest::below).toArray(String[]::new)));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyWhatItMay(String room) {
        List<String> allowed = new ArrayList<>(ROOMS.get(room));
        allowed.add(room);
        List<String> others =
                rooms().filter(each -> !allowed.contains(each)).map(ArchitectureTest::below).toList();
        check(noClasses()
                .that()
                .resideInAPackage(below(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.toArray(String[]::new)));
    }

    @Test
    void onlyTheBrokerRoomUsesQpid() {
        onlyIn("amqp", "org.apache.qpid..");
    }

    @Test
    void onlyTheCommandLineUsesItsLibraries() {
        onlyIn("cli", "picocli..", "me.tongfei.progressbar..", "org.jline..", "org.yaml..");
    }

    @Test
    void onlyThePluginKnowsJenkins() {
        onlyIn("jenkins", JENKINS);
    }

    private static void onlyIn(String room, String... packages) {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(below(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages));
    }

    @Test
    void onlyTheCommandLineEndsTheProcessOrWritesToTheTerminal() {
        DescribedPredicate<JavaClass> outsideCli = DescribedPredicate.describe(
                "outside of the command line", type -> !type.getPackageName().startsWith(ROOT + ".cli"));
        check(noClasses().that(outsideCli).should().callMethod(System.class, "exit", int.class));
        check(noClasses().that(outsideCli).should().callMethod(Runtime.class, "exit", int.class));
        check(noClasses().that(outsideCli).should().callMethod(Runtime.class, "halt", int.class));
        check(noClasses().that(outsideCli).should().accessField(System.class, "out"));
        check(noClasses().that(outsideCli).should().accessField(System.class, "err"));
        check(noClasses().that(outsideCli).should().callMethod(Throwable.class, "printStackTrace"));
    }
}
