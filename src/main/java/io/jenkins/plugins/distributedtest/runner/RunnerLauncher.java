package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Codec;
import io.jenkins.plugins.distributedtest.suite.Isolation;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the processes of persistent runners. What a process is to do stands in
 * {@code DISTRIBUTED_TEST_RUNNER_CONFIG} in its environment: a JSON object with {@code runner}, {@code role},
 * {@code args}, {@code preload}, {@code callbacks_class_file} (or null), {@code run_ruby_callbacks}, {@code slots},
 * {@code isolation}, {@code required}: test files of the suite in this project that others of it may require,
 * {@code together}: the file that names those which its own command loads into one process, or null.
 */
final class RunnerLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(RunnerLauncher.class);

    /** How long a framework may take to load, however short the limit of callbacks is. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

    private static final AtomicLong COUNTER = new AtomicLong();

    private final RunnerSettings settings;
    private final RunnerEnvironment environment;
    private final ControlServer server;
    private final Path workspace;
    private final JUnitClassPath classPath;

    /**
     * @param settings the project's
     * @param environment the project's directory
     * @param server where the processes report
     * @param workspace the workspace that the project is in
     */
    RunnerLauncher(RunnerSettings settings, RunnerEnvironment environment, ControlServer server, Path workspace) {
        this.settings = settings;
        this.environment = environment;
        this.server = server;
        this.workspace = workspace;
        classPath = new JUnitClassPath(settings, environment, workspace);
    }

    ControlServer server() {
        return server;
    }

    RunnerEnvironment environment() {
        return environment;
    }

    /**
     * How long a process may take to be ready: as long as a callback, since it may load a whole application, which has no
     * limit in the frameworks' own commands.
     */
    Duration startTimeout() {
        Duration callback = environment.callbackTimeout();
        return callback.compareTo(START_TIMEOUT) > 0 ? callback : START_TIMEOUT;
    }

    /**
     * How long a process gets to end in good order. What a suite does at its end (hooks, fixtures of a session, reports of
     * coverage) has no limit in the frameworks' own commands; it is a callback, by another name.
     */
    Duration quitTimeout() {
        return environment.callbackTimeout();
    }

    /** Whether processes of Ruby runners call the class file's inner callbacks. */
    boolean runsRubyCallbacks() {
        return environment.rubyCallbacksFile() != null
                && (settings.used() == null || !rubyUsed().isEmpty());
    }

    /** The Ruby runners that the suite is known to need. */
    List<RunnerKind> rubyUsed() {
        return settings.used() == null
                ? List.of()
                : settings.used().stream()
                        .flatMap(name -> RunnerKind.named(name).stream())
                        .filter(RunnerKind::isRuby)
                        .distinct()
                        .sorted()
                        .toList();
    }

    /** The callback that a process calls at its end; slot 0 is the preloader. */
    ClosingCallback closing(RunnerKind kind, int slot) {
        if (!callsBack(kind)) {
            return ClosingCallback.none();
        }
        return slot == 0
                ? new ClosingCallback("after_creating_workers", "this listener")
                : new ClosingCallback("after_complete", "slot " + slot);
    }

    private boolean callsBack(RunnerKind kind) {
        return kind.isRuby() && runsRubyCallbacks();
    }

    /** The output file of a worker; the same for all processes that follow one another in a slot. */
    Path outputFile(RunnerKind kind, int slot) {
        return environment.logDirectory().resolve(kind.label() + "-" + slot + ".out");
    }

    /** A value of the marker that no other tree has. */
    String newMarker(RunnerKind kind, int slot) {
        return environment.runId() + "/" + environment.listenerId() + "/" + kind.label() + "-" + slot + "-"
                + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    }

    /**
     * Starts the process of a slot and waits until it is ready.
     *
     * @param started is told of the process at once, before it is ready, so that it can be killed meanwhile
     */
    RunnerProcess startWorker(RunnerKind kind, int slot, Consumer<RunnerProcess> started)
            throws RunnerException, InterruptedException {
        Mailbox mailbox = new Mailbox(closing(kind, slot));
        String token = server.expect((hello, connection) ->
                hello.role().equals("worker") && hello.slot() == slot ? mailbox.arrived(hello, connection) : null);
        try {
            String marker = newMarker(kind, slot);
            Path output = outputFile(kind, slot);
            long mark = BoundedText.size(output);
            Process process = start(kind, "worker", slot, token, marker, output);
            RunnerProcess worker = new RunnerProcess(kind.label(), new DirectChild(process, marker), mailbox, output);
            started.accept(worker);
            worker.awaitReady(startTimeout(), mark);
            return worker;
        } finally {
            server.forget(token);
        }
    }

    /**
     * Starts a process of a kind.
     *
     * @param slot the worker's slot; 0 for a preloader
     */
    Process start(RunnerKind kind, String role, int slot, String token, String marker, Path output)
            throws RunnerException, InterruptedException {
        ToolCall call = NodeArguments.call(kind, environment.workspace());
        List<String> options = settings.args().getOrDefault(kind.label(), List.of());
        ToldPlace place = new ToldPlace(environment.workspace(), options, slot);
        Map<String, String> variables = variables(kind, slot, place, call);
        boolean keepsVariables = kind == RunnerKind.JUNIT;
        if (!keepsVariables) {
            variables.put("DISTRIBUTED_TEST_PORT", Integer.toString(server.port()));
            variables.put("DISTRIBUTED_TEST_TOKEN", token);
        }
        try {
            Files.createDirectories(output.getParent());
            if (!keepsVariables) {
                variables.put("DISTRIBUTED_TEST_RUNNER_CONFIG", config(kind, role, call, output));
            }
            ProcessSpec process = ProcessSpec.of(command(kind, slot, call));
            for (String each : place.without()) {
                process = process.without(each);
            }
            process = process.directory(place.directory())
                    .without("GORGON_WORKER_ID")
                    .without("DISTRIBUTED_TEST_SLOT")
                    .environment(variables)
                    .marker(marker)
                    .outputFile(output);
            return keepsVariables ? startTold(process, token) : process.start();
        } catch (IOException e) {
            throw new RunnerException(
                    "The runner " + kind.label() + " needs " + kind.language() + ": " + e.getMessage()
                            + dangling(interpreter(kind).get(0))
                            + ". Install it on this host, or set \"runners\": {\"interpreters\": {\"" + kind.language()
                            + "\": [\"/path/to/it\"]}}.",
                    "",
                    false);
        }
    }

    /**
     * A JVM cannot take variables out of its environment, where tests and what they start would find the token: so it is
     * told on its standard input, which is empty after that.
     */
    private Process startTold(ProcessSpec spec, String token) throws IOException {
        byte[] told = (server.port() + " " + token + "\n").getBytes(StandardCharsets.US_ASCII);
        Process process = spec.stdin(told).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(told);
        } catch (IOException e) {
            LOG.debug("The process has ended before it was told where to connect", e); // whoever waits for it sees that
        }
        return process;
    }

    /** What tests may see. */
    private Map<String, String> variables(RunnerKind kind, int slot, ToldPlace place, ToolCall call) {
        Map<String, String> variables = new HashMap<>(environment.environment());
        variables.putAll(call.environment());
        if (kind == RunnerKind.JUNIT) {
            variables.keySet().removeAll(place.without());
            variables.replaceAll((name, value) -> ToldPlace.numbered(value, slot));
        }
        if (slot > 0) {
            variables.put("DISTRIBUTED_TEST_SLOT", Integer.toString(slot));
            variables.put("GORGON_WORKER_ID", Integer.toString(slot));
        }
        return variables;
    }

    /** A virtual environment's interpreter is a link to one of the host where it was made. */
    private String dangling(String interpreter) {
        try {
            Path file = environment.workspace().resolve(interpreter);
            while (Files.isSymbolicLink(file)) {
                file = file.resolveSibling(Files.readSymbolicLink(file));
                if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    return " (it leads to " + file + ", which this host does not have)";
                }
            }
            return "";
        } catch (IOException | InvalidPathException e) {
            return "";
        }
    }

    /** @param output a process's; what is too long for its environment is written beside it */
    private String config(RunnerKind kind, String role, ToolCall call, Path output) throws IOException {
        ObjectNode config = Codec.object();
        config.put("runner", kind.label());
        config.put("role", role);
        NodeArguments.all(kind, settings, call).forEach(config.putArray("args")::add);
        settings.preload().getOrDefault(kind.label(), List.of()).forEach(config.putArray("preload")::add);
        config.put("callbacks_class_file", kind.isRuby() ? environment.rubyCallbacksFile() : null);
        config.put("run_ruby_callbacks", callsBack(kind));
        config.put("slots", environment.slots());
        config.put("end_seconds", quitTimeout().toSeconds());
        config.put("isolation", isolation(kind, call).label());
        if (kind.isRuby()) {
            within(settings.required()).forEach(config.putArray("required")::add);
            config.put("together", together(output));
        }
        if (kind == RunnerKind.PYTEST) {
            ArrayNode homonyms = config.putArray("homonyms");
            settings.homonyms().stream()
                    .map(this::within)
                    .filter(each -> !each.isEmpty())
                    .forEach(each -> each.forEach(homonyms.addArray()::add));
        }
        return config.toString();
    }

    private String together(Path output) throws IOException {
        List<String> files = settings.together().stream()
                .flatMap(each -> within(each).stream())
                .toList();
        if (files.isEmpty()) {
            return null;
        }
        Path list = output.resolveSibling(output.getFileName() + ".together");
        Files.writeString(list, String.join("\0", files));
        return list.toAbsolutePath().toString();
    }

    /** Those of some files that lie in this project, relative to it. */
    private List<String> within(List<String> files) {
        Path directory = environment.workspace();
        return files.stream()
                .map(workspace::resolve)
                .filter(each -> each.startsWith(directory))
                .map(each -> directory.relativize(each).toString())
                .toList();
    }

    /** Whether no process of a kind, whose own runner does not see to that itself, runs a second file. */
    boolean isProcessPerFile(RunnerKind kind) {
        return kind != RunnerKind.NODE && isolation(kind, ToolCall.PLAIN) == Isolation.FILE;
    }

    /** What files of a kind have to themselves: as set, else as the framework's own command has it. */
    private Isolation isolation(RunnerKind kind, ToolCall call) {
        return Isolation.named(settings.isolation().getOrDefault(kind.label(), ""))
                .orElseGet(() -> kind == RunnerKind.NODE ? NodeArguments.isolation(settings, call) : Isolation.WORKER);
    }

    /** The command that starts the language of a kind in this project. */
    List<String> interpreter(RunnerKind kind) {
        return Interpreters.of(settings, environment, workspace, kind.language());
    }

    private List<String> command(RunnerKind kind, int slot, ToolCall call)
            throws RunnerException, InterruptedException {
        List<String> command = new ArrayList<>(interpreter(kind));
        switch (kind.language()) {
            case "ruby" ->
                command.add(Bundled.file("ruby/distributed_test_main.rb").toString());
            case "python" ->
                command.add(Bundled.file("python/distributed_test_main.py").toString());
            case "node" -> {
                command.addAll(NodeArguments.flags(kind, settings, isolation(kind, call), call));
                command.add(Bundled.file("node/" + kind.label() + "_runner.mjs").toString());
            }
            case "java" -> {
                List<String> options = settings.args().getOrDefault(kind.label(), List.of()).stream()
                        .map(argument ->
                                ToldPlace.numbered(argument, slot).replace(SubProject.WORKSPACE, workspace.toString()))
                        .toList();
                command.add("-ea"); // as build tools have it; the options may say otherwise
                command.addAll(options);
                command.addAll(classPath.agentArguments(options));
            }
            default -> throw new IllegalStateException(kind.label());
        }
        return command;
    }
}
