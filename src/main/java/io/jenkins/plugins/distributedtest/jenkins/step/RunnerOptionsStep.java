package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Util;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/** The options of the step that say how files are run. */
public abstract class RunnerOptionsStep extends SyncOptionsStep {
    private List<String> runners;
    private List<String> command;
    private List<String> interpreters;
    private List<String> args;
    private List<String> preload;
    private List<String> classPath;
    private List<String> classPathCommand;
    private String callbacksClassFile;
    private List<String> callbacks;

    /** Which runner takes which files, GLOB=RUNNER each; null for the project's. */
    public List<String> getRunners() {
        return runners;
    }

    /** Sets: which runner takes which files, GLOB=RUNNER each; null for the project's. */
    @DataBoundSetter
    public void setRunners(List<String> runners) {
        this.runners = lines(runners);
    }

    /** For the runner command: program and arguments; null for the project's. */
    public List<String> getCommand() {
        return command;
    }

    /** Sets: for the runner command: program and arguments; null for the project's. */
    @DataBoundSetter
    public void setCommand(List<String> command) {
        this.command = lines(command);
    }

    /** The commands that start languages, LANGUAGE=COMMAND each; null for the project's. */
    public List<String> getInterpreters() {
        return interpreters;
    }

    /** Sets: the commands that start languages, LANGUAGE=COMMAND each; null for the project's. */
    @DataBoundSetter
    public void setInterpreters(List<String> interpreters) {
        this.interpreters = lines(interpreters);
    }

    /** Extra arguments for frameworks, RUNNER=ARGUMENTS each; null for the project's. */
    public List<String> getArgs() {
        return args;
    }

    /** Sets: extra arguments for frameworks, RUNNER=ARGUMENTS each; null for the project's. */
    @DataBoundSetter
    public void setArgs(List<String> args) {
        this.args = lines(args);
    }

    /** Files loaded once before workers are made, RUNNER=FILES each; null for the project's. */
    public List<String> getPreload() {
        return preload;
    }

    /** Sets: files loaded once before workers are made, RUNNER=FILES each; null for the project's. */
    @DataBoundSetter
    public void setPreload(List<String> preload) {
        this.preload = lines(preload);
    }

    /** For junit the entries of the class path; null for the project's. */
    public List<String> getClassPath() {
        return classPath;
    }

    /** Sets: for junit the entries of the class path; null for the project's. */
    @DataBoundSetter
    public void setClassPath(List<String> classPath) {
        this.classPath = lines(classPath);
    }

    /** For junit a command that prints the class path; null for the project's. */
    public List<String> getClassPathCommand() {
        return classPathCommand;
    }

    /** Sets: for junit a command that prints the class path; null for the project's. */
    @DataBoundSetter
    public void setClassPathCommand(List<String> classPathCommand) {
        this.classPathCommand = lines(classPathCommand);
    }

    /** Gorgon's callbacks file; null for the project's. */
    public String getCallbacksClassFile() {
        return callbacksClassFile;
    }

    /** Sets: gorgon's callbacks file; null for the project's. */
    @DataBoundSetter
    public void setCallbacksClassFile(String callbacksClassFile) {
        this.callbacksClassFile = Util.fixEmptyAndTrim(callbacksClassFile);
    }

    /** Callbacks as commands, NAME=COMMAND each; null for the project's. */
    public List<String> getCallbacks() {
        return callbacks;
    }

    /** Sets: callbacks as commands, NAME=COMMAND each; null for the project's. */
    @DataBoundSetter
    public void setCallbacks(List<String> callbacks) {
        this.callbacks = lines(callbacks);
    }
}
