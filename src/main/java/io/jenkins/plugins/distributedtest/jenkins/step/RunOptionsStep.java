package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.Util;
import java.util.List;
import org.kohsuke.stapler.DataBoundSetter;

/** The options of the step that seldom need to be said. */
public abstract class RunOptionsStep extends CollectOptionsStep {
    private String title;
    private String list;
    private boolean onlyFailed;
    private String quarantine;
    private Integer retryBudget;
    private String fileTimeout;
    private String runTimeout;
    private String listenerTimeout;
    private String originatorTimeout;
    private String heartbeat;
    private String silence;
    private List<String> environment;
    private List<String> secretEnvironment;
    private String history;
    private String html;
    private String json;
    private boolean skipPublishing;
    private String config;
    private String project;
    private String protocol;
    private String gorgonCancel;

    /** What people call this run; null for none. */
    public String getTitle() {
        return title;
    }

    /** Sets: what people call this run; null for none. */
    @DataBoundSetter
    public void setTitle(String title) {
        this.title = Util.fixEmptyAndTrim(title);
    }

    /** A file in the workspace that lists the files to run; null for globs. */
    public String getList() {
        return list;
    }

    /** Sets: a file in the workspace that lists the files to run; null for globs. */
    @DataBoundSetter
    public void setList(String list) {
        this.list = Util.fixEmptyAndTrim(list);
    }

    /** The file in the workspace that names quarantined tests; null for none. */
    public String getQuarantine() {
        return quarantine;
    }

    /** Sets: the file in the workspace that names quarantined tests; null for none. */
    @DataBoundSetter
    public void setQuarantine(String quarantine) {
        this.quarantine = Util.fixEmptyAndTrim(quarantine);
    }

    /** Whether to run only what failed in the last build. */
    public boolean isOnlyFailed() {
        return onlyFailed;
    }

    /** Sets whether: whether to run only what failed in the last build. */
    @DataBoundSetter
    public void setOnlyFailed(boolean onlyFailed) {
        this.onlyFailed = onlyFailed;
    }

    /** How many retries the whole run may spend; null for the project's. */
    public Integer getRetryBudget() {
        return retryBudget;
    }

    /** Sets: how many retries the whole run may spend; null for the project's. */
    @DataBoundSetter
    public void setRetryBudget(Integer retryBudget) {
        this.retryBudget = retryBudget;
    }

    /** After how long a file has timed out; null for the project's. */
    public String getFileTimeout() {
        return fileTimeout;
    }

    /** Sets: after how long a file has timed out; null for the project's. */
    @DataBoundSetter
    public void setFileTimeout(String fileTimeout) {
        this.fileTimeout = Util.fixEmptyAndTrim(fileTimeout);
    }

    /** After how long the run ends with an error; null for the project's. */
    public String getRunTimeout() {
        return runTimeout;
    }

    /** Sets: after how long the run ends with an error; null for the project's. */
    @DataBoundSetter
    public void setRunTimeout(String runTimeout) {
        this.runTimeout = Util.fixEmptyAndTrim(runTimeout);
    }

    /** How long to wait for a listener; null for the project's. */
    public String getListenerTimeout() {
        return listenerTimeout;
    }

    /** Sets: how long to wait for a listener; null for the project's. */
    @DataBoundSetter
    public void setListenerTimeout(String listenerTimeout) {
        this.listenerTimeout = Util.fixEmptyAndTrim(listenerTimeout);
    }

    /** How long listeners go on without the controller; null for the project's. */
    public String getOriginatorTimeout() {
        return originatorTimeout;
    }

    /** Sets: how long listeners go on without the controller; null for the project's. */
    @DataBoundSetter
    public void setOriginatorTimeout(String originatorTimeout) {
        this.originatorTimeout = Util.fixEmptyAndTrim(originatorTimeout);
    }

    /** How often both sides show that they are alive; null for the project's. */
    public String getHeartbeat() {
        return heartbeat;
    }

    /** Sets: how often both sides show that they are alive; null for the project's. */
    @DataBoundSetter
    public void setHeartbeat(String heartbeat) {
        this.heartbeat = Util.fixEmptyAndTrim(heartbeat);
    }

    /** After how long without a sign of life a listener is lost; null for the project's. */
    public String getSilence() {
        return silence;
    }

    /** Sets: after how long without a sign of life a listener is lost; null for the project's. */
    @DataBoundSetter
    public void setSilence(String silence) {
        this.silence = Util.fixEmptyAndTrim(silence);
    }

    /** Variables for tests and callbacks, NAME=VALUE each; null for the project's only. */
    public List<String> getEnvironment() {
        return environment;
    }

    /** Sets: variables for tests and callbacks, NAME=VALUE each; null for the project's only. */
    @DataBoundSetter
    public void setEnvironment(List<String> environment) {
        this.environment = lines(environment);
    }

    /** The names of secret variables that tests see; null for none. */
    public List<String> getSecretEnvironment() {
        return secretEnvironment;
    }

    /** Sets: the names of secret variables that tests see; null for none. */
    @DataBoundSetter
    public void setSecretEnvironment(List<String> secretEnvironment) {
        this.secretEnvironment = lines(secretEnvironment);
    }

    /** The name of the record of runtimes; null for the default one. */
    public String getHistory() {
        return history;
    }

    /** Sets: the name of the record of runtimes; null for the default one. */
    @DataBoundSetter
    public void setHistory(String history) {
        this.history = Util.fixEmptyAndTrim(history);
    }

    /** Where to write the page, in the workspace; null for nowhere. */
    public String getHtml() {
        return html;
    }

    /** Sets: where to write the page, in the workspace; null for nowhere. */
    @DataBoundSetter
    public void setHtml(String html) {
        this.html = Util.fixEmptyAndTrim(html);
    }

    /** Where to write all that is known of the run, in the workspace; null for nowhere. */
    public String getJson() {
        return json;
    }

    /** Sets: where to write all that is known of the run, in the workspace; null for nowhere. */
    @DataBoundSetter
    public void setJson(String json) {
        this.json = Util.fixEmptyAndTrim(json);
    }

    /** Whether to leave the JUnit plugin alone. */
    public boolean isSkipPublishing() {
        return skipPublishing;
    }

    /** Sets whether: whether to leave the JUnit plugin alone. */
    @DataBoundSetter
    public void setSkipPublishing(boolean skipPublishing) {
        this.skipPublishing = skipPublishing;
    }

    /** The file to read in place of distributed-test.json; null for that. */
    public String getConfig() {
        return config;
    }

    /** Sets: the file to read in place of distributed-test.json; null for that. */
    @DataBoundSetter
    public void setConfig(String config) {
        this.config = Util.fixEmptyAndTrim(config);
    }

    /** The name of the project; null for the job's. */
    public String getProject() {
        return project;
    }

    /** Sets: the name of the project; null for the job's. */
    @DataBoundSetter
    public void setProject(String project) {
        this.project = Util.fixEmptyAndTrim(project);
    }

    /** native or gorgon; null for the project's. */
    public String getProtocol() {
        return protocol;
    }

    /** Sets: native or gorgon; null for the project's. */
    @DataBoundSetter
    public void setProtocol(String protocol) {
        this.protocol = Util.fixEmptyAndTrim(protocol);
    }

    /** run or broadcast; null for the project's. */
    public String getGorgonCancel() {
        return gorgonCancel;
    }

    /** Sets: run or broadcast; null for the project's. */
    @DataBoundSetter
    public void setGorgonCancel(String gorgonCancel) {
        this.gorgonCancel = Util.fixEmptyAndTrim(gorgonCancel);
    }
}
