package io.jenkins.plugins.distributedtest.jenkins.listeners;

import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.util.HttpResponses;
import io.jenkins.plugins.distributedtest.jenkins.process.CliJar;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.WebMethod;

/**
 * Serves the program at {@code JENKINS/distributed-test/distributed-test-cli.jar}, so that a machine can fetch it which
 * shall run a listener. It is the same in every Jenkins and holds no secret, so nobody needs to log in for it.
 */
@Extension
public class CliJarAction implements UnprotectedRootAction {
    /** First part of its address. */
    public static final String URL = "distributed-test";

    private static final Set<String> READING = Set.of("GET", "HEAD");

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

    /** The program; a {@code HEAD} gets what {@code GET} would, without its body. */
    @WebMethod(name = CliJar.NAME)
    public HttpResponse doCliJar(StaplerRequest2 request) throws IOException {
        return READING.contains(request.getMethod())
                ? HttpResponses.staticResource(CliJar.file())
                : HttpResponses.status(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }
}
