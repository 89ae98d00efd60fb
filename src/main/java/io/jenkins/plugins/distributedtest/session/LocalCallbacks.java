package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The originator's callbacks of a project on this machine. */
public final class LocalCallbacks implements ProjectRun.CallbackRunner<CallbackException> {
    /** Gorgon has no limit; a callback that never ends must not hold a build for ever. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Callbacks callbacks;

    private LocalCallbacks(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    /**
     * The callbacks of a project, whose processes have the variables of its settings besides this process's own.
     *
     * @param settings the run's settings
     * @param directory the project's directory
     */
    public static LocalCallbacks of(RunSettings settings, Path directory) {
        return of(settings, directory, Map.of());
    }

    /**
     * The callbacks of a project.
     *
     * @param environment variables for their processes over which those of the settings win; the others as above
     */
    public static LocalCallbacks of(RunSettings settings, Path directory, Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(settings.environment());
        return new LocalCallbacks(new Callbacks(
                settings.callbacks(),
                directory,
                all,
                settings.runners().interpreters().get("ruby"),
                LIMIT));
    }

    /** The same with variables that win over those of the settings. */
    public LocalCallbacks with(Map<String, String> variables) {
        return new LocalCallbacks(callbacks.with(variables));
    }

    @Override
    public String run(String name) throws CallbackException, InterruptedException {
        return callbacks.run(name);
    }

    /** What is to be told of a callback that failed: why, and what it printed. */
    public static String told(CallbackException failure) {
        return failure.getMessage()
                + (failure.output().isBlank() ? "" : "\n" + failure.output().stripTrailing());
    }
}
