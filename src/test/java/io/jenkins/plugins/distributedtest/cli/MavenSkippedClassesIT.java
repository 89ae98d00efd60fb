package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Classes that are skipped as a whole, or abort, beside {@code mvn verify} with the kinds of Surefire that tell of them differently. */
class MavenSkippedClassesIT extends MavenFixture {
    private void module(String name, String surefire) throws IOException {
        modules.add(
                name,
                MavenModules.framework("5.11.4")
                        + MavenModules.dependency("org.junit.vintage:junit-vintage-engine:5.11.4"),
                "<version>" + surefire + "</version>");
    }

    private void test(String module, String name, String body) throws IOException {
        modules.test(module, name, """
                package x;
                import java.util.stream.*;
                import org.junit.jupiter.api.*;
                import org.junit.jupiter.api.condition.*;
                import org.junit.jupiter.params.*;
                import org.junit.jupiter.params.provider.*;
                import static org.junit.jupiter.api.Assumptions.*;
                """ + body.replace("NAME", name));
    }

    private static final String ABORTS = """
            class NAME {
                @BeforeAll static void up() { assumeTrue(false, "no docker"); }
                @Test void one() {}
                @Test void two() {}
                @ParameterizedTest @ValueSource(ints = {1, 2}) void three(int i) {}
                @Nested class Inner { @Test void four() {} }
            }
            """;

    private void testsOf(String module, String prefix) throws IOException {
        test(module, prefix + "AbortsTest", ABORTS);
        test(module, prefix + "NestedAbortsTest", """
                class NAME {
                    @Test void out() {}
                    @Nested class Inner {
                        @BeforeAll static void up() { assumeTrue(false); }
                        @Test void one() {}
                        @Test void two() {}
                    }
                }
                """);
        test(module, prefix + "DisabledTest", """
                @EnabledOnOs(OS.AIX) class NAME {
                    @Test void one() {}
                    @Test void two() {}
                    @ParameterizedTest @ValueSource(ints = {1, 2}) void three(int i) {}
                    @Nested class Inner { @Test void four() {} @Test void five() {} }
                }
                """);
        test(module, prefix + "MethodsTest", """
                class NAME {
                    @AfterAll static void down() { assumeTrue(false); }
                    @ParameterizedTest @MethodSource("none") void source(int i) {}
                    static Stream<Integer> none() { assumeTrue(false); return null; }
                    @TestFactory Stream<DynamicNode> factory() { assumeTrue(false); return null; }
                    @Disabled @RepeatedTest(2) void off() {}
                    @Test void good() {}
                }
                """);
        modules.test(module, prefix + "FourTest", """
                package x;
                import org.junit.*;
                public class NAME {
                    @BeforeClass public static void up() { Assume.assumeTrue(false); }
                    @Test public void one() {}
                    @Test public void two() {}
                }
                """.replace("NAME", prefix + "FourTest"));
        test(module, prefix + "RedTest", """
                class NAME {
                    @BeforeAll static void up() { throw new IllegalStateException("red"); }
                    @Test void one() {}
                    @Test void two() {}
                }
                """);
        test(module, prefix + "RedAtLastTest", """
                class NAME {
                    @AfterAll static void down() { throw new IllegalStateException("red"); }
                    @Test void one() {}
                    @Nested class Inner {
                        @BeforeAll static void up() { Assertions.fail("red"); }
                        @Test void two() {}
                    }
                }
                """);
    }

    private void compareEqual(int cases) throws Exception {
        modules.parent();
        int exit = runs.program(List.of("compare", "--slots", "2"));
        assertThat(runs.oursLog()).contains("EQUAL: " + cases + " cases");
        assertThat(exit).isZero();
    }

    @Test
    void surefire2TellsOfTheClass() throws Exception {
        module("old", "2.22.2");
        testsOf("old", "Old");

        compareEqual(14);
    }

    @Test
    void milestonesTellOfTheClassThatIsSkippedOnly() throws Exception {
        module("milestone", "3.0.0-M5");
        testsOf("milestone", "Milestone");

        compareEqual(8);
    }

    @Test
    void surefire3TellsOfTheTestsInAClassThatIsSkipped() throws Exception {
        module("current", "3.5.4");
        testsOf("current", "Current");

        compareEqual(11);
    }

    @Test
    void surefire36TellsOfTheTestsInAClassThatAborts() throws Exception {
        module("newest", "3.6.0");
        testsOf("newest", "Newest");

        compareEqual(18);
    }

    @Test
    void aBuildPassesWhoseClassesHaveAllAborted() throws Exception {
        module("current", "3.5.4");
        test("current", "AbortsTest", ABORTS);
        modules.parent();

        int ours = runs.ours("--local", "1");

        assertThat(runs.oursLog())
                .contains(
                        "x.AbortsTest was aborted: org.opentest4j.TestAbortedException: Assumption failed: no docker");
        assertThat(runs.own("verify")).as(runs.ownLog()).isZero();
        assertThat(ours).isZero();
        assertThat(runs.cases()).isEqualTo(runs.reported()).isEqualTo(Map.of());
    }
}
