package io.jenkins.plugins.distributedtest.suite;

import java.util.List;
import java.util.Objects;

/**
 * What one attempt at a test file came to, as the worker that ran it saw it.
 *
 * @param file the file
 * @param status what came of it
 * @param seconds how long the attempt took, from handing the file to the runner to its end
 * @param cases the test cases, in the order in which they ended; those that ended before a crash or timeout included
 * @param message why the file as a whole is bad, when that is not a case's failure (does not load, timed out,
 *     crashed, called exit); of a file that passed, what people should be warned of, such as a filter that the file
 *     sets for itself; empty otherwise
 * @param output what the file printed on standard output and error, cut in the middle when long; never null
 * @param exitCode exit code of the runner's process when it ended during this file; null otherwise
 * @param signal name of the signal that ended the process, such as {@code KILL}; null if none did
 * @param runner name of the runner, such as {@code rspec}
 * @param seed the number that the order of its tests came from, where that is by chance and its framework says it (RSpec);
 *     null otherwise
 */
public record FileResult(
        TestFile file,
        FileStatus status,
        double seconds,
        List<TestCase> cases,
        String message,
        String output,
        Integer exitCode,
        String signal,
        String runner,
        Integer seed) {
    /** Copies the cases and replaces null texts by empty ones. */
    public FileResult {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(status, "status");
        cases = List.copyOf(cases);
        message = Objects.requireNonNullElse(message, "");
        output = Objects.requireNonNullElse(output, "");
        runner = Objects.requireNonNullElse(runner, "");
    }

    /**
     * A result of which nothing further is known: no cases, texts and runner, no end of a process.
     *
     * @param seconds how long the attempt took
     */
    public static FileResult of(TestFile file, FileStatus status, double seconds) {
        return new FileResult(file, status, seconds, List.of(), "", "", null, null, "", null);
    }

    /** The same for a file by another path. */
    public FileResult of(TestFile other) {
        return new FileResult(other, status, seconds, cases, message, output, exitCode, signal, runner, seed);
    }

    /** The same with another status. */
    public FileResult as(FileStatus other) {
        return new FileResult(file, other, seconds, cases, message, output, exitCode, signal, runner, seed);
    }

    /** The same with these cases. */
    public FileResult withCases(List<TestCase> others) {
        return new FileResult(file, status, seconds, others, message, output, exitCode, signal, runner, seed);
    }

    /** The same with a reason why the file as a whole is bad; null for none. */
    public FileResult withMessage(String other) {
        return new FileResult(file, status, seconds, cases, other, output, exitCode, signal, runner, seed);
    }

    /** The same with what the file printed; null for nothing. */
    public FileResult withOutput(String other) {
        return new FileResult(file, status, seconds, cases, message, other, exitCode, signal, runner, seed);
    }

    /**
     * The same with the end of the runner's process.
     *
     * @param code its exit code; null if it has none
     * @param name the name of the signal that ended it; null if none did
     */
    public FileResult withEnding(Integer code, String name) {
        return new FileResult(file, status, seconds, cases, message, output, code, name, runner, seed);
    }

    /** The same by a runner. */
    public FileResult by(String name) {
        return new FileResult(file, status, seconds, cases, message, output, exitCode, signal, name, seed);
    }

    /** The same with the number that its order came from; null for an order that is not by chance. */
    public FileResult withSeed(Integer number) {
        return new FileResult(file, status, seconds, cases, message, output, exitCode, signal, runner, number);
    }
}
