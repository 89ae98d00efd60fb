package hudson.init;

public enum TermMilestone {
    STARTED,
    COMPLETED;
}

// stub: hudson.init.TermMilestone
