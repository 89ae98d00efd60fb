package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.util.HttpResponses;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.verb.GET;

/**
 * Serves the program at {@code JENKINS/distributed-test/distributed-test-cli.jar}, so that a machine can fetch it which
 * shall run a listener. It is the same in every Jenkins and holds no secret, so nobody needs to log in for it.
 */
@Extension
public class CliJarAction implements UnprotectedRootAction {
    /** First part of its address. */
    public static final String URL = "distributed-test";

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** The program. */
    @GET
    @WebMethod(name = CliJar.NAME)
    public HttpResponse doCliJar() throws IOException {
        return HttpResponses.staticResource(CliJar.file());
    }
}
