package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.Executions;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;

/**
 * What the work of one job has around it.
 *
 * @param request what is asked for
 * @param definition the job
 * @param settings all settings
 * @param directories its directories, made
 * @param environment its environment
 * @param marker marks its processes
 * @param log the task's log
 * @param stopper ends it
 * @param executions runs processes
 */
record Workplace(
        ZuulRequest request,
        TaskDefinition definition,
        ExecutorSettings settings,
        JobDirectories directories,
        JobEnvironment environment,
        String marker,
        TimedLog log,
        Stopper stopper,
        Executions executions) {}
