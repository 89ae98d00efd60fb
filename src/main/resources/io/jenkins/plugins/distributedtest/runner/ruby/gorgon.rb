# frozen_string_literal: true

# Stands in for the gem of this name in a project's callbacks file: `require 'gorgon'` ends up here.
require_relative 'distributed_test_callbacks' unless defined?(Gorgon::DefaultCallbacks)
