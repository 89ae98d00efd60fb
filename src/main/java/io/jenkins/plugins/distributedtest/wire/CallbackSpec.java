package io.jenkins.plugins.distributedtest.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * The project's callbacks as they travel in a job definition.
 *
 * @param classFile Gorgon's {@code callbacks_class_file}: a Ruby file, relative to the project; null if there is none
 * @param commands a command per callback, by the callback's name ({@code after_sync} and so on)
 */
public record CallbackSpec(String classFile, Map<String, List<String>> commands) {
    /** No callbacks. */
    public static final CallbackSpec NONE = new CallbackSpec(null, Map.of());

    /** Copies the commands. */
    public CallbackSpec {
        commands = commands == null ? Map.of() : Map.copyOf(commands);
    }

    /** Whether listeners have callbacks to run at the end of a run, or may have: nobody knows what a class file defines. */
    public boolean closesOnListeners() {
        return classFile != null
                || commands.containsKey("after_complete")
                || commands.containsKey("after_creating_workers");
    }

    /** Whether there is no callback at all. */
    @JsonIgnore
    public boolean isEmpty() {
        return classFile == null && commands.isEmpty();
    }
}
