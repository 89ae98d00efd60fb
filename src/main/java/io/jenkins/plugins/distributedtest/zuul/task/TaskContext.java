package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;

/**
 * What the work of one task is done with.
 *
 * @param request what is asked for
 * @param definition the job
 * @param settings all settings
 * @param directories its directories, made
 * @param environment its environment
 * @param common what its processes have in common; the log is the task's own
 * @param processes runs processes
 */
record TaskContext(
        ZuulRequest request,
        TaskDefinition definition,
        ExecutorSettings settings,
        TaskDirectories directories,
        TaskEnvironment environment,
        ProcessContext common,
        Processes processes) {
    /** Marks its processes. */
    String marker() {
        return common.marker();
    }

    /** The task's log. */
    TimedLog log() {
        return common.log();
    }

    /** Stops it. */
    Stopper stopper() {
        return common.stopper();
    }
}
