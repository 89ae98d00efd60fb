package io.jenkins.plugins.distributedtest.jenkins.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A test that somebody has put in quarantine on the job's page.
 *
 * @param test which it is
 * @param by who has done it
 * @param at when, ISO 8601 in UTC
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record QuarantineMark(TestName test, String by, String at) {}
