package bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures this project beside what its users run today: both in turns (A B A B) on the same generated suite, on a
 * listener that is warm. A round counts only if both sides have all cases with the outcomes that are known beforehand;
 * else the row is void. Prints a table in Markdown with a verdict per row.
 */
final class Bench {
    /** Of all that is made by chance. */
    static final long SEED = 12;

    /** Where a project keeps the records of its runs. */
    static final String RECORDS = ".distributed-test/runtimes.json";

    private static final double BUSY = 0.5;

    private final Options options;
    private final PrintStream out;

    private Bench(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** What is to be measured. */
    private record Plan(Framework framework, Suite suite, boolean recorded, Goal... goals) {
        private String name() {
            return framework.name().toLowerCase(Locale.ROOT) + ": " + suite.kind() + (recorded ? ", recorded" : "");
        }
    }

    /** Runs it; exit code 0 if all was measured or left out for a reason, 1 if a row is void, 3 for a wrong use. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(3);
            return;
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int processors = Runtime.getRuntime().availableProcessors();
        if (load > BUSY * processors && !options.anyway()) {
            System.err.printf(
                    Locale.ROOT,
                    "The machine is busy: load average %.1f on %d processors. Figures would say little."
                            + " Wait until it is idle, or measure --anyway%n",
                    load,
                    processors);
            System.exit(3);
        }
        System.exit(new Bench(options, out).measure(load) ? 0 : 1);
    }

    private boolean measure(double load) throws Exception {
        out.printf(
                Locale.ROOT,
                "%s, %d processors, load average %.1f at the start%s; %d slots, %d rounds in turns, median (range).%n",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                load,
                options.anyway() ? " (--anyway)" : "",
                options.slots(),
                options.rounds());
        out.println(versions() + "\n\n" + Row.HEAD);
        boolean sound = true;
        Path work = Files.createTempDirectory("bench-");
        try (Ours ours = new Ours(options.program(), Files.createDirectory(work.resolve("ours")), options.slots())) {
            int number = 0;
            for (Plan plan : plans()) {
                for (Row row : rows(plan, ours, work.resolve("project-" + number++))) {
                    sound &= told(row);
                }
            }
            for (Topic topic : options.topics()) {
                for (Row row : topic.rows(options, ours, Files.createDirectory(work.resolve(topic.label())))) {
                    sound &= told(row);
                }
            }
        } finally {
            Trees.delete(work);
        }
        return sound;
    }

    /** Prints a row; false if it is void. */
    private boolean told(Row row) {
        out.println(row.line());
        return row.fault() == null || !row.fault().startsWith("void");
    }

    private static String versions() throws InterruptedException {
        return "java " + System.getProperty("java.version") + "; "
                + Commands.firstLine(List.of("ruby", "--version")) + "; "
                + Commands.firstLine(List.of("python3", "--version")) + "; node "
                + Commands.firstLine(List.of("node", "--version"));
    }

    /** The goals of the peers of a framework are in their order. */
    private List<Plan> plans() {
        List<Plan> plans = new ArrayList<>();
        int files = options.files();
        for (Framework framework : options.frameworks()) {
            Goal[] none = {};
            Goal[] trivial = switch (framework) {
                case PYTEST -> new Goal[] {Goal.NONE, Goal.ratio(1), Goal.ratio(1)};
                case NODE -> new Goal[] {Goal.ratio(0.6)};
                case JUNIT -> new Goal[] {Goal.ratio(0.8), Goal.ratio(0.5)};
                default -> none;
            };
            plans.add(new Plan(framework, Suite.trivial(files), false, trivial));
            if (!options.quick()) {
                Goal[] many = framework == Framework.RSPEC ? new Goal[] {Goal.ratio(1.2)} : none;
                plans.add(new Plan(framework, Suite.trivial(10 * files), false, many));
                plans.add(new Plan(framework, Suite.even(40, 0.25), false, none));
                plans.add(new Plan(framework, Suite.skewed(40, 0.1, 3), false, none));
                plans.add(new Plan(framework, Suite.skewed(40, 0.1, 3), true, none));
                Goal[] sleeps = framework == Framework.PYTEST
                        ? new Goal[] {Goal.NONE, Goal.ratio(0.95), Goal.ratio(0.95)}
                        : none;
                plans.add(new Plan(framework, Suite.logNormal(100, 15.6, SEED), true, sleeps));
            }
        }
        return plans;
    }

    private List<Row> rows(Plan plan, Ours ours, Path project) throws Exception {
        plan.suite().write(project, plan.framework());
        if (plan.framework() == Framework.JEST && options.modules() != null) {
            Files.createSymbolicLink(project.resolve("node_modules"), options.modules());
        }
        List<Side> peers = new Peers(project, options.slots()).of(plan.framework());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < peers.size(); i++) {
            Goal goal = i < plan.goals().length ? plan.goals()[i] : Goal.NONE;
            rows.add(row(plan, goal, peers.get(i), ours.side(project), project));
        }
        return rows;
    }

    private Row row(Plan plan, Goal goal, Side peer, Side ours, Path project) throws Exception {
        if (!peer.isThere()) {
            return Row.without(plan.name(), peer.name(), goal, "not measured: the peer is not installed");
        }
        if (plan.framework() == Framework.JUNIT
                && !Commands.succeeds(List.of(
                        "mvn",
                        "-o",
                        "-q",
                        "-B",
                        "-f",
                        project.resolve("pom.xml").toString(),
                        "test-compile"))) {
            return Row.without(plan.name(), peer.name(), goal, "not measured: Maven cannot build it offline");
        }
        List<Double> our = new ArrayList<>();
        List<Double> their = new ArrayList<>();
        Path records = project.resolve(RECORDS);
        try {
            ours.run(project, plan.suite().expected()); // warm, and the records of the recorded ones
            peer.run(project, plan.suite().expected());
            for (int round = 0; round < options.rounds(); round++) {
                if (!plan.recorded()) {
                    Files.deleteIfExists(records);
                }
                our.add(ours.run(project, plan.suite().expected()));
                their.add(peer.run(project, plan.suite().expected()));
            }
        } catch (Side.VoidException e) {
            return Row.without(plan.name(), peer.name(), goal, "void: " + e.getMessage());
        }
        return Row.of(plan.name(), peer.name(), goal, our, their);
    }
}
