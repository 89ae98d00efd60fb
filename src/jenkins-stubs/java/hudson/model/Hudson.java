package hudson.model;

public class Hudson {
    Hudson() {}

    public static class CloudList extends jenkins.model.Jenkins.CloudList {
        public CloudList() {}
    }
}

// stub: hudson.model.Hudson x:jenkins.model.Jenkins
// stub: hudson.model.Hudson$CloudList s:jenkins.model.Jenkins$CloudList
