package io.jenkins.plugins.distributedtest.zuul.task;

/**
 * What came of the work for one dataset.
 *
 * @param name the dataset; null for work without one
 * @param outcome what came of it
 */
record DatasetResult(String name, Outcome outcome) {}
