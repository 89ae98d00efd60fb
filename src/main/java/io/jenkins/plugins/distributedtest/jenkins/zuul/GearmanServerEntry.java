package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A Gearman server whose jobs this Jenkins serves, and which jobs those are. */
public class GearmanServerEntry extends AbstractDescribableImpl<GearmanServerEntry> {
    /** For how long a build may wait to start before it is handed back, by default: 10 minutes. */
    public static final int START_SECONDS = 600;

    private final String host;
    private int port = GearmanServer.DEFAULT_PORT;
    private boolean tls;
    private boolean checkHostName = true;
    private String caFile;
    private String fingerprint;
    private String credentialsId;
    private JobChoice jobs = JobChoice.ALL;
    private String folder;
    private String pattern;
    private NameScheme names = NameScheme.FULL;
    private Integer capacity;
    private int startSeconds = START_SECONDS;
    private String changeUrl;

    /**
     * A server without TLS on the usual port, for all jobs.
     *
     * @param host host name or address
     */
    @DataBoundConstructor
    public GearmanServerEntry(String host) {
        this.host = Util.fixNull(host).strip();
    }

    /** Host name or address; empty if none was entered. */
    public String getHost() {
        return host;
    }

    /** Port. */
    public int getPort() {
        return port;
    }

    /** Sets the port; 0 for the usual one, 4730. */
    @DataBoundSetter
    public void setPort(int port) {
        this.port = port == 0 ? GearmanServer.DEFAULT_PORT : port;
    }

    /** Whether to use TLS. */
    public boolean isTls() {
        return tls;
    }

    /** Sets whether to use TLS. */
    @DataBoundSetter
    public void setTls(boolean tls) {
        this.tls = tls;
    }

    /** With TLS, whether the server's certificate must name the host. */
    public boolean isCheckHostName() {
        return checkHostName;
    }

    /** Sets whether the server's certificate must name the host. */
    @DataBoundSetter
    public void setCheckHostName(boolean checkHostName) {
        this.checkHostName = checkHostName;
    }

    /** PEM file on the controller of the certificates to trust; null for the platform's. */
    public String getCaFile() {
        return caFile;
    }

    /** Sets which certificates to trust; null or empty for the platform's. */
    @DataBoundSetter
    public void setCaFile(String caFile) {
        this.caFile = Util.fixEmptyAndTrim(caFile);
    }

    /** SHA-256 of the one server certificate to trust, in hex; null for none. */
    public String getFingerprint() {
        return fingerprint;
    }

    /** Sets the one server certificate to trust; null or empty for none. */
    @DataBoundSetter
    public void setFingerprint(String fingerprint) {
        this.fingerprint = Util.fixEmptyAndTrim(fingerprint);
    }

    /** Id of the credentials with the client's certificate; null for none. */
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Sets the client's certificate; null or empty for none. */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Which jobs are served; never null. */
    public JobChoice getJobs() {
        return jobs;
    }

    /** Sets which jobs are served; null for all. */
    @DataBoundSetter
    public void setJobs(JobChoice jobs) {
        this.jobs = jobs == null ? JobChoice.ALL : jobs;
    }

    /** Full name of the folder whose jobs are served; null if jobs are chosen in another way. */
    public String getFolder() {
        return folder;
    }

    /** Sets the folder, for {@link JobChoice#FOLDER}. */
    @DataBoundSetter
    public void setFolder(String folder) {
        String name = Util.fixEmptyAndTrim(folder);
        this.folder = name == null ? null : name.replaceAll("^/+|/+$", "");
    }

    /** Regular expression for the full names of the jobs that are served; null if jobs are chosen in another way. */
    public String getPattern() {
        return pattern;
    }

    /** Sets the regular expression, for {@link JobChoice#PATTERN}. */
    @DataBoundSetter
    public void setPattern(String pattern) {
        this.pattern = Util.fixEmptyAndTrim(pattern);
    }

    /** By which names the jobs are served; never null. */
    public NameScheme getNames() {
        return names;
    }

    /** Sets by which names the jobs are served; null for full ones. */
    @DataBoundSetter
    public void setNames(NameScheme names) {
        this.names = names == null ? NameScheme.FULL : names;
    }

    /** How many builds there may be at once; null when the free executors of the existing nodes decide. */
    public Integer getCapacity() {
        return capacity;
    }

    /** Sets how many builds there may be at once; null or less than 1 to let the free executors decide. */
    @DataBoundSetter
    public void setCapacity(Integer capacity) {
        this.capacity = capacity == null || capacity < 1 ? null : capacity;
    }

    /** For how many seconds a build may wait to start before it is handed back to Zuul; 0 for ever. */
    public int getStartSeconds() {
        return startSeconds;
    }

    /** Sets for how many seconds a build may wait to start; 0 or less for ever. */
    @DataBoundSetter
    public void setStartSeconds(int startSeconds) {
        this.startSeconds = Math.max(0, startSeconds);
    }

    /** Template of the addresses of changes, such as {@code https://review.example.org/{change}}; null for none. */
    public String getChangeUrl() {
        return changeUrl;
    }

    /** Sets the template of the addresses of changes; null or empty for none. */
    @DataBoundSetter
    public void setChangeUrl(String changeUrl) {
        this.changeUrl = Util.fixEmptyAndTrim(changeUrl);
    }

    GearmanConnectionSettings connection() {
        return new GearmanConnectionSettings(host, port, tls, checkHostName, caFile, fingerprint, credentialsId);
    }

    /** Whether a job is served, by its full name and whether it has the property. */
    boolean serves(String fullName, boolean marked) {
        return jobs.chooses(fullName, marked, Util.fixNull(folder), compiled());
    }

    private Pattern compiled() {
        if (jobs != JobChoice.PATTERN || pattern == null) {
            return null;
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            return null; // the form and the status page say so
        }
    }

    /**
     * Checks what cannot be left empty.
     *
     * @throws IllegalArgumentException which says what to enter
     */
    public void check() {
        if (Util.fixEmptyAndTrim(host) == null) {
            throw new IllegalArgumentException(
                    "A Gearman server has no host: enter its host name; Zuul's own server runs on"
                            + " the host of its scheduler");
        }
        boolean missing = jobs == JobChoice.PATTERN && pattern == null || jobs == JobChoice.FOLDER && folder == null;
        if (missing) {
            throw new IllegalArgumentException("Gearman server " + host + ": " + problem());
        }
    }

    /** What is wrong with the choice of jobs, as a message; null if nothing is. */
    String problem() {
        return switch (jobs) {
            case PATTERN -> ServedJobsCheck.patternProblem(pattern);
            case FOLDER -> ServedJobsCheck.folderProblem(folder);
            default -> null;
        };
    }

    /** The descriptor of Gearman servers. */
    @Extension
    @Symbol("gearmanServer")
    public static class DescriptorImpl extends GearmanServerForm {
        @Override
        public String getDisplayName() {
            return "Gearman server";
        }
    }
}
