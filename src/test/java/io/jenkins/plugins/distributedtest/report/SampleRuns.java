package io.jenkins.plugins.distributedtest.report;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Makes runs for tests: small ones by hand, and big ones that look like real ones. */
public final class SampleRuns {
    public static final WorkerId WORKER = new WorkerId("3f2a77c0-aa", "ci-1", 1);
    public static final WorkerId OTHER = new WorkerId("9b1e02d4-bb", "ci-2", 1);
    public static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

    private SampleRuns() {}

    public static TestCase passed(String name) {
        return new TestCase(name, "Sample", 0.25, CaseStatus.PASSED, null, "", 3);
    }

    public static TestCase failed(String name, String message) {
        return new TestCase(
                name, "Sample", 0.5, CaseStatus.FAILED, new Failure(message, "AssertionError", "at line 7"), "", 7);
    }

    public static FileResult result(String path, FileStatus status, double seconds, List<TestCase> cases) {
        return FileResult.of(new TestFile(path), status, seconds)
                .withCases(cases)
                .by("rspec");
    }

    public static FileResult problem(
            String path, FileStatus status, String message, String output, Integer exit, String signal) {
        return FileResult.of(new TestFile(path), status, 2)
                .withMessage(message)
                .withOutput(output)
                .withEnding(exit, signal)
                .by("rspec");
    }

    public static Attempt attempt(FileResult result, WorkerId worker, double start) {
        return new Attempt(result, worker, 1, start);
    }

    public static FileReport file(Attempt... attempts) {
        return new FileReport(attempts[0].result().file(), List.of(attempts), 0);
    }

    public static ListenerReport listener(WorkerId worker, int slots, double joined) {
        return new ListenerReport(worker.listener(), worker.host(), "1.0", slots, joined, Double.NaN, 0.5, "");
    }

    public static RunReport run(List<FileReport> files, double wall, ListenerReport... listeners) {
        return new RunReport("run-1", "shop", START, wall, RunEnd.COMPLETED, "", files, List.of(listeners));
    }

    /** A run that was scheduled as a real one is: whichever slot is free takes the next file. */
    public static RunReport big(long seed, int files, int hosts, int slots, int casesPerFile) {
        Random random = new Random(seed);
        List<ListenerReport> listeners = new ArrayList<>();
        List<WorkerId> workers = new ArrayList<>();
        List<Double> free = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            String id = String.format("%08x-cafe", random.nextInt());
            double joined = 0.8 + random.nextDouble() * 2 + (host == hosts - 1 ? 6 : 0);
            listeners.add(
                    new ListenerReport(id, "build-" + (host + 1), "1.0", slots, joined, Double.NaN, joined * 0.6, ""));
            for (int slot = 1; slot <= slots; slot++) {
                workers.add(new WorkerId(id, "build-" + (host + 1), slot));
                free.add(joined + random.nextDouble() * 0.2);
            }
        }
        listeners.add(new ListenerReport(
                "dead0001-beef", "build-9", "1.0", slots, Double.NaN, 1.2, 0, "after_sync failed: bundle: not found"));
        double[] expected = IntStream.range(0, files)
                .mapToDouble(i -> Math.exp(random.nextGaussian() * 1.1) * 0.9)
                .boxed()
                .sorted((a, b) -> Double.compare(b, a))
                .mapToDouble(Double::doubleValue)
                .toArray();
        List<FileReport> reports = new ArrayList<>();
        String[] areas = {"models", "requests", "services", "jobs", "mailers", "system", "policies"};
        for (int i = 0; i < files; i++) {
            String path = "spec/" + areas[random.nextInt(areas.length)] + "/" + word(random) + "_" + word(random) + "_"
                    + i + "_spec.rb";
            double seconds = expected[i] * (0.7 + random.nextDouble() * 0.7);
            List<Attempt> attempts = new ArrayList<>();
            int kind = random.nextInt(100);
            if (kind < 3) {
                attempts.add(next(workers, free, bad(path, FileStatus.FAILED, seconds, casesPerFile, random)));
            } else if (kind < 6) {
                attempts.add(next(workers, free, bad(path, FileStatus.FAILED, seconds, casesPerFile, random)));
                attempts.add(next(workers, free, good(path, seconds, casesPerFile, random)));
            } else if (kind == 6 && i % 3 == 0) {
                attempts.add(next(workers, free, whole(path, FileStatus.TIMED_OUT, seconds * 2)));
            } else if (kind == 7 && i % 2 == 0) {
                attempts.add(next(workers, free, whole(path, FileStatus.CRASHED, seconds)));
                attempts.add(next(workers, free, whole(path, FileStatus.CRASHED, seconds)));
            } else if (kind == 8 && i % 5 == 0) {
                reports.add(new FileReport(new TestFile(path), List.of(), expected[i]));
                continue;
            } else {
                attempts.add(next(workers, free, good(path, seconds, casesPerFile, random)));
            }
            reports.add(new FileReport(new TestFile(path), attempts, i % 11 == 0 ? 0 : expected[i]));
        }
        double wall = free.stream().mapToDouble(Double::doubleValue).max().orElse(0) + 0.4;
        return new RunReport("0a1b2c3d-run", "storefront", START, wall, RunEnd.COMPLETED, "", reports, listeners);
    }

    private static String word(Random random) {
        String[] words = {
            "order", "cart", "invoice", "user", "login", "price", "stock", "mail", "tax", "refund", "audit"
        };
        return words[random.nextInt(words.length)];
    }

    private static Attempt next(List<WorkerId> workers, List<Double> free, FileResult result) {
        int slot = 0;
        for (int i = 1; i < free.size(); i++) {
            slot = free.get(i) < free.get(slot) ? i : slot;
        }
        double start = free.get(slot);
        free.set(slot, start + result.seconds() + 0.02);
        return new Attempt(result, workers.get(slot), 1, start);
    }

    private static FileResult good(String path, double seconds, int cases, Random random) {
        List<TestCase> all = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            boolean skipped = random.nextInt(40) == 0;
            all.add(new TestCase(
                    "accepts a " + word(random) + " with " + i + " " + word(random) + "s",
                    "The " + word(random),
                    skipped ? 0 : seconds / cases,
                    skipped ? CaseStatus.SKIPPED : CaseStatus.PASSED,
                    skipped ? new Failure("not on this platform", "", "") : null,
                    "",
                    4 + 5 * i));
        }
        return FileResult.of(new TestFile(path), FileStatus.PASSED, seconds)
                .withCases(all)
                .by("rspec");
    }

    private static FileResult bad(String path, FileStatus status, double seconds, int cases, Random random) {
        List<TestCase> all = new ArrayList<>(good(path, seconds, cases, random).cases());
        String trace = "./" + path + ":14:in `block (3 levels) in <top (required)>'\n"
                + "./spec/support/helpers.rb:31:in `with_currency'\n./" + path
                + ":9:in `block (2 levels) in <top (required)>'";
        all.set(
                0,
                new TestCase(
                        "keeps the total when the currency changes",
                        "The order",
                        seconds / cases,
                        CaseStatus.FAILED,
                        new Failure(
                                "expected: 1299\n     got: 1300\n\n(compared using ==)",
                                "RSpec::Expectations::ExpectationNotMetError",
                                trace),
                        "",
                        12));
        return FileResult.of(new TestFile(path), status, seconds)
                .withCases(all)
                .withOutput("Loading fixtures…\n\u001B[33mWARN\u001B[0m rounding mode is half-up\n")
                .by("rspec");
    }

    private static FileResult whole(String path, FileStatus status, double seconds) {
        boolean timeout = status == FileStatus.TIMED_OUT;
        return FileResult.of(new TestFile(path), status, seconds)
                .withCases(List.of(passed("starts")))
                .withMessage(
                        timeout ? "The file ran longer than its timeout" : "The worker's process ended without a word")
                .withOutput("connecting to payment sandbox\nretrying (3)\n")
                .withEnding(null, timeout ? null : "KILL")
                .by("rspec");
    }
}
