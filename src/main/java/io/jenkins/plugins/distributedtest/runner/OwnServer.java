package io.jenkins.plugins.distributedtest.runner;

/**
 * A server that a test tool starts by itself for a file, such as the web server of an application.
 *
 * @param name what two such servers on one host would quarrel about: a port, or a command where no port is known
 * @param host where it listens; the loopback interface by its name, or an address
 * @param port its port; 0 if none is known
 * @param reuse whether one that runs already is used, and none started then
 */
record OwnServer(String name, String host, int port, boolean reuse) {}
