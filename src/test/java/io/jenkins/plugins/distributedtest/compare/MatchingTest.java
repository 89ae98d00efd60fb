package io.jenkins.plugins.distributedtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchingTest {
    private static ComparedCase one(String runner, String group, String name, CaseStatus status) {
        return new ComparedCase(runner, null, group, name, status, null);
    }

    private static Matching match(String runner, String ownGroup, String ownName, String ourGroup, String ourName) {
        return Matching.of(
                List.of(one(runner, ownGroup, ownName, CaseStatus.PASSED)),
                List.of(one(runner, ourGroup, ourName, CaseStatus.PASSED)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pytest | tests.test_a | test_x[1] | tests.test_a | test_x[1] | true",
                "pytest | tests.test_a | test_x[1] | tests.test_a | test_x[2] | false",
                "pytest | tests.test_a | test_x | tests.test_b | test_x | false",
                "rspec | '' | A cart is empty | A cart | is empty | true",
                "rspec | '' | Cart#size works | Cart#size | works | true",
                "rspec | '' | Cart is full | Cart | is empty | false",
                "junit | a.BTest | adds | a.BTest | adds | true",
                "junit | a.BTest | adds(int)[1] | a.BTest | adds(int) [1] 3 | true",
                "junit | a.BTest | adds{int}[2] | a.BTest | adds(int) [2] x=4 | true",
                "junit | a.BTest | adds(int)[1] | a.CTest | adds(int) [1] 3 | false",
                "minitest | ATest | test_a | ATest | test_b | false",
            })
    void namesOfTheSameCaseMatch(String runner, String group, String name, String ourGroup, String ours, boolean same) {
        Matching matching = match(runner, group, name, ourGroup, ours);

        assertThat(matching.differences().isEmpty()).isEqualTo(same);
        assertThat(matching.renamed()).isZero();
    }

    @Test
    void aDisplayNameIsToldAsAnotherName() {
        Matching matching = match("junit", "a.BTest", "adds", "a.BTest", "Two numbers are added");

        assertThat(matching).isEqualTo(new Matching(1, 1, List.of()));
    }

    @Test
    void casesOfOneNameAreAMultiset() {
        ComparedCase passed = one("rspec", "", "A x", CaseStatus.PASSED);
        ComparedCase failed = one("rspec", "", "A x", CaseStatus.FAILED);

        assertThat(Matching.of(List.of(passed, failed, passed), List.of(passed, passed, failed)))
                .isEqualTo(new Matching(3, 0, List.of()));
        assertThat(Matching.of(List.of(passed, passed), List.of(passed, failed)).differences())
                .containsExactly(new Difference(passed, failed));
        assertThat(Matching.of(List.of(passed, passed), List.of(passed)).differences())
                .containsExactly(new Difference(passed, null));
    }

    /** Reports of frameworks do not all tell the two apart. */
    @Test
    void anErrorIsAFailureButSkippedIsNotPassed() {
        ComparedCase error = one("pytest", "a", "b", CaseStatus.ERROR);
        ComparedCase failed = one("pytest", "a", "b", CaseStatus.FAILED);
        ComparedCase skipped = one("pytest", "a", "b", CaseStatus.SKIPPED);
        ComparedCase passed = one("pytest", "a", "b", CaseStatus.PASSED);

        assertThat(Matching.of(List.of(error), List.of(failed)).differences()).isEmpty();
        assertThat(Matching.of(List.of(skipped), List.of(passed)).differences()).hasSize(1);
    }

    @Test
    void whatXmlCannotHoldIsTheSameInBothForms() {
        assertThat(match("pytest", "a", "b[#x1B]", "a", "b[\u001b]").differences())
                .isEmpty();
    }

    @Test
    void wordsOfACommandAreAsInAShellWithoutOne() {
        assertThat(CommandWords.of("a 'b c' \"d e\"f g\\ h")).containsExactly("a", "b c", "d ef", "g h");
        assertThat(CommandWords.of("a 'b")).isNull();
    }
}
