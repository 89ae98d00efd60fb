package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Util;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.stapler.DataBoundSetter;

/** The options of the step that say how listeners get the sources. */
public abstract class SyncOptionsStep extends Step {
    private String sync;
    private List<String> syncExclude;
    private String maxContent;
    private String fileServerHost;
    private Integer fileServerPort;
    private String fileServerModule;
    private String rsyncTransport;
    private String rsyncKeyFile;
    private String sshConfig;
    private boolean anyHostKey;
    private String gitUrl;
    private String gitRef;
    private List<String> gitProtocols;

    /** How listeners get the sources; null for the project's. */
    public String getSync() {
        return sync;
    }

    /** Sets: how listeners get the sources; null for the project's. */
    @DataBoundSetter
    public void setSync(String sync) {
        this.sync = Util.fixEmptyAndTrim(sync);
    }

    /** Patterns of what listeners do not get; null for the project's. */
    public List<String> getSyncExclude() {
        return syncExclude;
    }

    /** Sets: patterns of what listeners do not get; null for the project's. */
    @DataBoundSetter
    public void setSyncExclude(List<String> syncExclude) {
        this.syncExclude = lines(syncExclude);
    }

    /** How much listeners may lack of content; null for the project's. */
    public String getMaxContent() {
        return maxContent;
    }

    /** Sets: how much listeners may lack of content; null for the project's. */
    @DataBoundSetter
    public void setMaxContent(String maxContent) {
        this.maxContent = Util.fixEmptyAndTrim(maxContent);
    }

    /** For rsync the file server; null for the project's. */
    public String getFileServerHost() {
        return fileServerHost;
    }

    /** Sets: for rsync the file server; null for the project's. */
    @DataBoundSetter
    public void setFileServerHost(String fileServerHost) {
        this.fileServerHost = Util.fixEmptyAndTrim(fileServerHost);
    }

    /** For rsync through its daemon the port; null for the project's. */
    public Integer getFileServerPort() {
        return fileServerPort;
    }

    /** Sets: for rsync through its daemon the port; null for the project's. */
    @DataBoundSetter
    public void setFileServerPort(Integer fileServerPort) {
        this.fileServerPort = fileServerPort;
    }

    /** For rsync through its daemon the module; null for the project's. */
    public String getFileServerModule() {
        return fileServerModule;
    }

    /** Sets: for rsync through its daemon the module; null for the project's. */
    @DataBoundSetter
    public void setFileServerModule(String fileServerModule) {
        this.fileServerModule = Util.fixEmptyAndTrim(fileServerModule);
    }

    /** anonymous or ssh; null for the project's. */
    public String getRsyncTransport() {
        return rsyncTransport;
    }

    /** Sets: anonymous or ssh; null for the project's. */
    @DataBoundSetter
    public void setRsyncTransport(String rsyncTransport) {
        this.rsyncTransport = Util.fixEmptyAndTrim(rsyncTransport);
    }

    /** For rsync through ssh the private key; null for ssh's own choice. */
    public String getRsyncKeyFile() {
        return rsyncKeyFile;
    }

    /** Sets: for rsync through ssh the private key; null for ssh's own choice. */
    @DataBoundSetter
    public void setRsyncKeyFile(String rsyncKeyFile) {
        this.rsyncKeyFile = Util.fixEmptyAndTrim(rsyncKeyFile);
    }

    /** For rsync through ssh a configuration file; null for the user's. */
    public String getSshConfig() {
        return sshConfig;
    }

    /** Sets: for rsync through ssh a configuration file; null for the user's. */
    @DataBoundSetter
    public void setSshConfig(String sshConfig) {
        this.sshConfig = Util.fixEmptyAndTrim(sshConfig);
    }

    /** For rsync through ssh whether to take any host key. */
    public boolean isAnyHostKey() {
        return anyHostKey;
    }

    /** Sets whether: for rsync through ssh whether to take any host key. */
    @DataBoundSetter
    public void setAnyHostKey(boolean anyHostKey) {
        this.anyHostKey = anyHostKey;
    }

    /** For git where listeners fetch from; null for the remote origin. */
    public String getGitUrl() {
        return gitUrl;
    }

    /** Sets: for git where listeners fetch from; null for the remote origin. */
    @DataBoundSetter
    public void setGitUrl(String gitUrl) {
        this.gitUrl = Util.fixEmptyAndTrim(gitUrl);
    }

    /** For git what listeners fetch; null for the commit that is checked out. */
    public String getGitRef() {
        return gitRef;
    }

    /** Sets: for git what listeners fetch; null for the commit that is checked out. */
    @DataBoundSetter
    public void setGitRef(String gitRef) {
        this.gitRef = Util.fixEmptyAndTrim(gitRef);
    }

    /** For git the protocols that the URL may use; null for the project's. */
    public List<String> getGitProtocols() {
        return gitProtocols;
    }

    /** Sets: for git the protocols that the URL may use; null for the project's. */
    @DataBoundSetter
    public void setGitProtocols(List<String> gitProtocols) {
        this.gitProtocols = lines(gitProtocols);
    }

    /** A list without blank entries; null if nothing is left. */
    static List<String> lines(List<String> list) {
        List<String> kept = list == null
                ? List.of()
                : list.stream()
                        .filter(each -> !each.isBlank())
                        .map(String::strip)
                        .toList();
        return kept.isEmpty() ? null : new ArrayList<>(kept);
    }
}
