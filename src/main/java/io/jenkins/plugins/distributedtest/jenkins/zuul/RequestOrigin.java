package io.jenkins.plugins.distributedtest.jenkins.zuul;

/**
 * Where a request came from, and by which names Zuul and the Gearman server know it.
 *
 * @param unique Zuul's UUID of the request
 * @param function what was asked for, without {@code build:}
 * @param server the Gearman server, as people see it
 * @param manager by which name Zuul knows who runs it
 */
record RequestOrigin(String unique, String function, String server, String manager) {}
