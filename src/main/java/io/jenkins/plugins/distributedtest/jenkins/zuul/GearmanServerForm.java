package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Util;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.distributedtest.gearman.GearmanProbe;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * What the form of a {@link GearmanServerEntry} asks Jenkins for: checks of what was typed, the choices of its lists,
 * and a test of the connection. Everything needs the permission to manage Jenkins.
 */
public abstract class GearmanServerForm extends Descriptor<GearmanServerEntry> {
    /** Whether the port is one. */
    @POST
    public FormValidation doCheckPort(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return ServedJobsCheck.number(
                value,
                1,
                65535,
                "Not a port: '" + Util.fixNull(value) + "'; one is a number"
                        + " from 1 to 65535, and Gearman's is 4730");
    }

    /** Whether the expression is one. */
    @POST
    public FormValidation doCheckPattern(@QueryParameter String value, @QueryParameter String jobs) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return JobChoice.PATTERN.name().equals(jobs) ? ServedJobsCheck.pattern(value) : FormValidation.ok();
    }

    /** Whether there is such a folder. */
    @POST
    public FormValidation doCheckFolder(@QueryParameter String value, @QueryParameter String jobs) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return JobChoice.FOLDER.name().equals(jobs) ? ServedJobsCheck.folder(value) : FormValidation.ok();
    }

    /** Whether the capacity is a number. */
    @POST
    public FormValidation doCheckCapacity(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return ServedJobsCheck.number(
                value, 1, Integer.MAX_VALUE, "A number of builds, or empty to let the free executors decide");
    }

    /** Whether the time is a number. */
    @POST
    public FormValidation doCheckStartSeconds(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return ServedJobsCheck.number(value, 0, Integer.MAX_VALUE, "A number of seconds, or 0 for ever");
    }

    /** Whether the template is an address. */
    @POST
    public FormValidation doCheckChangeUrl(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        String template = Util.fixEmptyAndTrim(value);
        return template == null || template.matches("(?i)https?://.*")
                ? FormValidation.ok()
                : FormValidation.error("An address begins with http:// or https://");
    }

    /** The choices of jobs. */
    @POST
    public ListBoxModel doFillJobsItems() {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        ListBoxModel choices = new ListBoxModel();
        choices.add("All jobs", JobChoice.ALL.name());
        choices.add("Those in a folder", JobChoice.FOLDER.name());
        choices.add("Those whose full name matches a regular expression", JobChoice.PATTERN.name());
        choices.add("Those with the property “Serve to Zuul”", JobChoice.PROPERTY.name());
        return choices;
    }

    /** The ways of naming jobs. */
    @POST
    public ListBoxModel doFillNamesItems() {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        ListBoxModel choices = new ListBoxModel();
        choices.add("Full name, as in folder/job", NameScheme.FULL.name());
        choices.add("Short name, as with gearman-plugin", NameScheme.SHORT.name());
        return choices;
    }

    /** The certificates that the system may use. */
    @POST
    public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
        return GearmanConnectionSettings.choices(credentialsId, Jenkins.get().hasPermission(Jenkins.MANAGE));
    }

    /** Tries whether a Gearman server answers with these settings. */
    @POST
    public FormValidation doTestConnection(
            @QueryParameter String host,
            @QueryParameter String port,
            @QueryParameter boolean tls,
            @QueryParameter boolean checkHostName,
            @QueryParameter String caFile,
            @QueryParameter String fingerprint,
            @QueryParameter String credentialsId) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        FormValidation checkedPort = doCheckPort(port);
        if (checkedPort.kind == FormValidation.Kind.ERROR) {
            return checkedPort;
        }
        String number = Util.fixEmptyAndTrim(port);
        GearmanConnectionSettings settings = new GearmanConnectionSettings(
                Util.fixNull(host).strip(),
                number == null ? GearmanServer.DEFAULT_PORT : Integer.parseInt(number),
                tls,
                checkHostName,
                Util.fixEmptyAndTrim(caFile),
                Util.fixEmptyAndTrim(fingerprint),
                Util.fixEmptyAndTrim(credentialsId));
        try {
            GearmanServer server = settings.resolve().server();
            GearmanProbe.check(server);
            return FormValidation.ok("A Gearman server answers at " + server);
        } catch (IOException | IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
