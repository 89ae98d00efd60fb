package io.jenkins.plugins.distributedtest;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the rooms of the design: who may use whom, and who may use what from outside. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.distributedtest";

    /** Rooms, sub-rooms and what each uses: code and diagram are the same, in both directions. */
    private static final Path DIAGRAM = Path.of("docs", "architecture.puml");

    private static final Pattern ARROW = Pattern.compile("\\[([a-z.]+)] --> \\[([a-z.]+)]");

    private static final String[] JENKINS = {
        "hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "com.cloudbees.."
    };

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Tests that still sleep. None is to be added. */
    private static final Set<String> SLEEPERS = Set.of("DistributedRunTest", "FakeListener", "StandInRubyListener");

    /** What Stapler lets a form's field call. */
    private static final DescribedPredicate<JavaMethod> FORM_ENDPOINTS =
            endpoints("endpoints of forms", "do(Check|Fill|Test|AutoComplete)[A-Z].*");

    /** What Stapler lets anybody call. */
    private static final DescribedPredicate<JavaMethod> ENDPOINTS = endpoints("endpoints", "do[A-Z].*");

    /** How many calls deep a permission is looked for. */
    private static final int DEPTH = 6;

    private static final ArchCondition<JavaMethod> CHECK_A_PERMISSION = new ArchCondition<>("check a permission") {
        @Override
        public void check(JavaMethod method, ConditionEvents events) {
            if (!checks(method, DEPTH)) {
                events.add(SimpleConditionEvent.violated(method, method.getFullName() + " checks no permission"));
            }
        }

        private boolean checks(JavaCodeUnit code, int depth) {
            return code.getMethodCallsFromSelf().stream().anyMatch(call -> {
                boolean asks = call.getTarget().getName().matches("(check|has)(Any)?Permission");
                return asks || depth > 0 && ofOurs(call).anyMatch(called -> checks(called, depth - 1));
            });
        }

        private Stream<JavaMethod> ofOurs(JavaMethodCall call) {
            return call.getTarget().resolveMember().stream()
                    .filter(each -> each.getOwner().getPackageName().startsWith(ROOT + ".jenkins"));
        }
    };

    private static DescribedPredicate<JavaMethod> endpoints(String what, String pattern) {
        return DescribedPredicate.describe(
                what,
                method -> method.getOwner().getPackageName().startsWith(ROOT + ".jenkins")
                        && method.getName().matches(pattern)
                        && method.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CODE);
    }

    private static String below(String room) {
        return ROOT + "." + room + "..";
    }

    @Test
    void theCodeUsesWhatTheDiagramAllows() {
        assertThat(CODE).isNotEmpty();
        check(classes().should(adhereToPlantUmlDiagram(DIAGRAM, consideringOnlyDependenciesInDiagram())));
    }

    @Test
    void everyPackageIsARoomOfTheDiagram() throws IOException {
        String diagram = Files.readString(DIAGRAM);
        assertThat(CODE.stream().map(JavaClass::getPackageName).distinct())
                .allSatisfy(each -> assertThat(diagram).contains("<<" + each + ">>"));
    }

    @Test
    void theDiagramAllowsNothingThatNoCodeUses() throws IOException {
        Set<String> used = new HashSet<>();
        for (JavaClass type : CODE) {
            type.getDirectDependenciesFromSelf()
                    .forEach(each -> used.add(type.getPackageName() + " --> "
                            + each.getTargetClass().getBaseComponentType().getPackageName()));
        }
        List<String> arrows = ARROW.matcher(Files.readString(DIAGRAM))
                .results()
                .map(each -> ROOT + "." + each.group(1) + " --> " + ROOT + "." + each.group(2))
                .toList();
        assertThat(arrows).isNotEmpty().doesNotHaveDuplicates();
        assertThat(used).containsAll(arrows);
    }

    @Test
    void namesOfTestsAreInCamelCase() {
        assertThat(TESTS.stream().flatMap(type -> type.getMethods().stream()))
                .filteredOn(each -> each.isAnnotatedWith(Test.class) || each.isAnnotatedWith(ParameterizedTest.class))
                .hasSizeGreaterThan(1000)
                .allSatisfy(each -> assertThat(each.getName()).matches("[a-z][A-Za-z0-9]*"));
    }

    @Test
    void testsWaitForConditionsAndDoNotSleep() {
        Set<String> sleeping = TESTS.stream()
                .filter(type -> type.getMethodCallsFromSelf().stream().anyMatch(ArchitectureTest::sleeps))
                .map(type -> type.getName().replaceAll(".*\\.|\\$.*", ""))
                .collect(Collectors.toSet());
        assertThat(sleeping)
                .as(
                        "classes of tests that call sleep: wait for a condition (Awaitility), and strike what sleeps no more")
                .isEqualTo(SLEEPERS);
    }

    private static boolean sleeps(JavaMethodCall call) {
        return call.getTarget().getName().equals("sleep")
                && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                        .contains(call.getTargetOwner().getName());
    }

    @Test
    void thereIsNoCircleBetweenPackages() {
        check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
    }

    @Test
    void onlyTheBrokerRoomUsesQpid() {
        onlyIn("broker", "org.apache.qpid..");
    }

    @Test
    void onlyTheCommandLineUsesItsLibraries() {
        onlyIn("cli", "picocli..", "me.tongfei.progressbar..", "org.jline..", "org.yaml..");
    }

    /** What the program has and the plugin does not, and what of ours only the program has: see pom.xml. */
    @Test
    void thePluginNeedsNothingThatOnlyTheProgramHas() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(below("cli"), below("broker"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        below("cli"),
                        below("broker"),
                        "org.apache.qpid..",
                        "io.netty..",
                        "io.prometheus..",
                        "io.micrometer.prometheusmetrics.."));
    }

    @Test
    void onlyThePluginKnowsJenkins() {
        onlyIn("jenkins", JENKINS);
    }

    /** The plugin of that name is optional: whoever else knew it could not be loaded without it. */
    @Test
    void onlyThePublisherKnowsTheJUnitPlugin() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".jenkins.step.JUnitPublisher")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("hudson.tasks.junit..", "hudson.tasks.test.."));
    }

    /** Otherwise it cannot, which is but a line in its log. */
    @Test
    void jenkinsCanCallWhatIsToRunWhenItStartsOrStops() {
        check(methods()
                .that()
                .areAnnotatedWith("hudson.init.Terminator")
                .or()
                .areAnnotatedWith("hudson.init.Initializer")
                .should()
                .beStatic()
                .andShould()
                .bePublic()
                .andShould()
                .beDeclaredInClassesThat()
                .arePublic());
    }

    @Test
    void fieldsOfFormsAreAskedByPost() {
        check(methods()
                .that(are(FORM_ENDPOINTS))
                .should()
                .beAnnotatedWith("org.kohsuke.stapler.verb.POST")
                .orShould()
                .beAnnotatedWith("org.kohsuke.stapler.interceptor.RequirePOST"));
    }

    @Test
    void whatTheWebCanCallSaysHow() {
        check(methods()
                .that(are(ENDPOINTS))
                // It looks itself: HEAD gets what GET does, and Stapler has no word for both.
                .and()
                .doNotHaveFullName("io.jenkins.plugins.distributedtest.jenkins.listeners.CliJarAction"
                        + ".doCliJar(org.kohsuke.stapler.StaplerRequest2)")
                .should()
                .beAnnotatedWith("org.kohsuke.stapler.verb.POST")
                .orShould()
                .beAnnotatedWith("org.kohsuke.stapler.interceptor.RequirePOST")
                .orShould()
                .beAnnotatedWith("org.kohsuke.stapler.verb.GET"));
    }

    @Test
    void whatTheWebCanCallChecksAPermission() {
        // The program may be fetched by anybody: it is the same in every Jenkins, and no secret.
        check(methods().that(are(ENDPOINTS)).and().doNotHaveName("doCliJar").should(CHECK_A_PERMISSION));
    }

    @Test
    void dataIsBoundByPublicConstructorsAndSetters() {
        check(constructors()
                .that()
                .areAnnotatedWith("org.kohsuke.stapler.DataBoundConstructor")
                .should()
                .bePublic());
        check(methods()
                .that()
                .areAnnotatedWith("org.kohsuke.stapler.DataBoundSetter")
                .should()
                .bePublic()
                .andShould()
                .haveRawReturnType(void.class));
    }

    /** Jenkins looks such classes up in an index, which the default build has no processor for: see docs/building.md. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hudson.init.Initializer",
                "hudson.init.Terminator",
                "org.jenkinsci.Symbol",
                "org.kohsuke.stapler.export.ExportedBean"
            })
    void whatJenkinsLooksUpInAnIndexIsThere(String annotation) throws IOException {
        List<String> annotated = CODE.stream()
                .filter(type -> type.isAnnotatedWith(annotation)
                        || type.getMethods().stream().anyMatch(method -> method.isAnnotatedWith(annotation)))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        Path index = Path.of("src", "main", "resources", "META-INF", "services", "annotations", annotation);
        List<String> indexed = Files.exists(index)
                ? Files.readAllLines(index).stream().sorted().toList()
                : List.of();
        assertThat(indexed).as("classes with @" + annotation + " in " + index).containsAll(annotated);
        if (!annotation.endsWith("ExportedBean")) { // which is inherited from classes of Jenkins that are not here
            assertThat(annotated)
                    .as("classes of " + index + " with @" + annotation)
                    .containsAll(indexed);
        }
    }

    @Test
    void theRulesOfThePluginSeeIt() {
        assertThat(CODE.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(FORM_ENDPOINTS)
                        .map(JavaMethod::getName))
                .contains("doTestConnection", "doFillCredentialsIdItems", "doCheckUri");
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
