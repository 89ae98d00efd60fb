package io.jenkins.plugins.distributedtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the list of tests that {@code bin/test --quick} leaves out: those that may start a server or a program. */
class QuickListTest {
    private static final Path LIST = Path.of("src", "test", "not-quick.txt");
    private static final String ROOT = "io.jenkins.plugins.distributedtest.";

    /** Whoever uses one of these, itself or through other classes of tests, starts something or connects to it. */
    private static final List<String> STARTERS = List.of(
            "java.lang.ProcessBuilder",
            ROOT + "process.",
            ROOT + "runner.Runners",
            ROOT + "sync.RsyncDaemon",
            ROOT + "broker.",
            ROOT + "amqp.BrokerConnection",
            ROOT + "gearman.GearmanWorker");

    private final JavaClasses tests = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(ROOT.substring(0, ROOT.length() - 1));

    @Test
    void theListHasTheTestsThatMayStartSomethingAndNoOthers() throws IOException {
        Map<String, Set<String>> uses = new HashMap<>();
        for (JavaClass type : tests) {
            Set<String> used = uses.computeIfAbsent(outermost(type), name -> new HashSet<>());
            for (Dependency each : type.getDirectDependenciesFromSelf()) {
                used.add(outermost(each.getTargetClass().getBaseComponentType()));
            }
        }
        Set<String> starting = new TreeSet<>();
        for (String name : uses.keySet()) {
            if (name.endsWith("Test") && starts(name, uses, new HashSet<>())) {
                starting.add("**/" + name.replace('.', '/') + ".java");
            }
        }
        assertThat(Files.readAllLines(LIST))
                .as("%s: add what is missing, strike what is too much", LIST)
                .containsExactlyInAnyOrderElementsOf(starting);
    }

    private static boolean starts(String name, Map<String, Set<String>> uses, Set<String> seen) {
        if (!name.endsWith("Test") && STARTERS.stream().anyMatch(name::startsWith)) {
            return true;
        }
        return seen.add(name) && uses.getOrDefault(name, Set.of()).stream().anyMatch(used -> starts(used, uses, seen));
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }
}
